import Blobs
import Foundation
import Generations
import Persistence
import StoreConformance
import TestSupport
import TestTools
import Testing
import Text
import Time
import Worker

@Suite("Cleaning")
struct CleaningTests {
    @Test("Uploads and keys whose time is over go, and files that nobody needs any more; others stay")
    func cleans() async throws {
        let harness = try await Harness()
        let longAgo = SystemClock().now.advanced(by: .seconds(-30 * 86_400))
        // A key of a month ago.
        let key = try IdempotencyKey(headerValues: ["k"])
        let old = Generation(organisation: harness.organisation.id, request: Samples.request(), createdAt: longAgo)
        let claim = IdempotencyClaim(key: key, fields: ["a": 1])
        _ = try await harness.store.create(CreateOrder(generations: [old], idempotency: claim))
        // An upload of a month ago, and an asset of the same time.
        let kept = try await harness.asset("video 1.0", .video)
        let writer = try await harness.blobs.makeWriter()
        try await writer.write(Array("left behind".utf8))
        let left = try await writer.finish(as: nil).key
        var lifecycle = UploadLifecycle(expiresAt: longAgo, byteLimit: 1000)
        _ = lifecycle.begin(announcedByteCount: nil, now: longAgo.advanced(by: .seconds(-1)))
        _ = lifecycle.complete(blob: left)
        let upload = Upload(
            organisation: harness.organisation.id, fileName: "a", contentType: "video/mp4", createdAt: longAgo,
            lifecycle: lifecycle)
        try await harness.store.createUpload(upload)
        #expect(try await harness.store.referencedBlobs(among: [left]) == [left])
        // A session that was revoked a month ago, and one that is in use since then.
        var sessions: [Session] = []
        for digest in ["revoked", "open"] {
            let (token, secret) = SignInToken.issue(
                organisation: harness.organisation.id, role: .member, now: longAgo.advanced(by: .seconds(60)))
            try await harness.store.createSignInToken(token)
            let opened = try await harness.store.redeemSignInToken(digest: Secret.digest(of: secret), now: longAgo) {
                Session(opening: $0, digest: digest, client: "", now: longAgo.advanced(by: .seconds(60)))
            }
            sessions.append(try #require(opened))
        }
        _ = try await harness.store.revokeSession(sessions[0].id, now: longAgo)

        var configuration = harness.configuration()
        configuration.renderSlots = 0
        configuration.cleaningInterval = .milliseconds(50)
        configuration.sweepInterval = .milliseconds(50)
        // The sweep is not to take it out of this test's hands.
        configuration.sweepAge = .seconds(86_400)
        configuration.discardAge = .zero
        try await harness.working(try harness.service(configuration)) { () async throws -> Void in
            #expect(try await eventually { try await harness.store.upload(upload.id)?.lifecycle.status == .expired })
            #expect(
                try await eventually {
                    try await harness.store.idempotencyRecord(key, organisation: harness.organisation.id) == nil
                })
            #expect(try await eventually { try await harness.blobs.facts(of: left) == nil })
            let connection = try SQLiteDatabase.openWriter(path: harness.folder.path("store.sqlite"))
            #expect(
                try await eventually {
                    try connection.all("SELECT digest FROM sessions") { $0.text(0) } == ["open"]
                })
            #expect(try connection.all("SELECT digest FROM sign_in_tokens") { $0.text(0) } == [])
            #expect(try await harness.store.session(sessions[1].id, now: longAgo) == sessions[1])
        }
        guard case .asset(let asset) = kept.source, let blob = try await harness.store.anyAsset(asset)?.blob else {
            Issue.record("the asset is gone")
            return
        }
        #expect(try await harness.blobs.facts(of: blob) != nil)
    }

    @Test("Uploads in pieces go after a day without a byte, with the file of which no asset was made")
    func pieces() async throws {
        let harness = try await Harness()
        let root = harness.folder.path("uploads")
        let uploads = try FolderPartialUploads(root: root)
        let organisation = harness.organisation.id
        func upload() async throws -> PartialUpload {
            let upload = PartialUpload(
                organisation: organisation, name: "a", byteCount: 4, expiresAt: SystemClock().now)
            try await uploads.create(upload)
            return upload
        }
        let (idle, fresh, handed) = (try await upload(), try await upload(), try await upload())
        _ = try await uploads.append(Array("left".utf8), to: handed, at: 0)
        let left = try await uploads.handOver(handed, to: harness.blobs)
        for name in ["\(idle.id).json", "\(idle.id).part", "\(handed.id).json"] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -86_401)],
                ofItemAtPath: "\(root)/\(organisation)/\(name)")
        }
        var configuration = harness.configuration()
        configuration.renderSlots = 0
        configuration.cleaningInterval = .milliseconds(50)
        configuration.discardAge = .zero
        let service = try harness.service(configuration, uploads: uploads)
        try await harness.working(service) { () async throws -> Void in
            let folder = "\(root)/\(organisation)"
            #expect(
                await eventually {
                    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted()
                    return names == ["\(fresh.id).json", "\(fresh.id).part"]
                })
            #expect(try await eventually { try await harness.blobs.facts(of: left) == nil })
        }
    }

    @Test("A file that was given up stays while it is young, and while something refers to it")
    func young() async throws {
        let harness = try await Harness()
        let used = try await harness.asset("video 1.0", .video)
        guard case .asset(let id) = used.source, let usedBlob = try await harness.store.anyAsset(id)?.blob else {
            return
        }
        func stored(_ text: String) async throws -> BlobKey {
            let writer = try await harness.blobs.makeWriter()
            try await writer.write(Array(text.utf8))
            return try await writer.finish(as: nil).key
        }
        let (old, young) = (try await stored("old"), try await stored("young"))
        for key in [old, usedBlob] {
            let path = harness.folder.path("blobs/files/\(key)")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: path)
        }
        try await harness.store.discard([old, young, usedBlob])
        // Stored anew, for a request that will refer to it.
        _ = try await stored("young")
        var configuration = harness.configuration()
        configuration.renderSlots = 0
        configuration.cleaningInterval = .milliseconds(50)
        configuration.sweepInterval = .seconds(3600)
        configuration.discardAge = .seconds(3600)
        let clock = ManualClock()
        clock.advance(by: SystemClock().now.duration(since: clock.now) + .seconds(7200))
        try await harness.working(try harness.service(configuration, clock: clock)) { () async throws -> Void in
            #expect(await eventually { harness.log.count(of: "files_removed") > 0 })
            #expect(try await harness.blobs.facts(of: old) == nil)
            #expect(try await harness.blobs.facts(of: young) != nil)
            #expect(try await harness.blobs.facts(of: usedBlob) != nil)
        }
    }
}
