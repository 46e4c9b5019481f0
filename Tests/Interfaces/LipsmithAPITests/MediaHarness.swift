import Access
import Blobs
import Foundation
import Generations
import HTTP
import InterfaceHarness
import LipsmithAPI
import Synchronization
import Testing
import Text
import WebInterface

/// Lipsmith's own interface with uploads and checks. Stored files are what their content says: `video`, `audio` or `image`.
typealias MediaHarness = InterfaceHarness<LipsmithAPI>

extension InterfaceHarness where Interface == LipsmithAPI {
    convenience init(
        media checker: CannedChecker, uploadByteLimit: Int64 = 1 << 30, samplePath: String? = nil,
        quotaByteCount: Int64? = nil
    ) async throws {
        var parts = Parts(links: LipsmithAPI.assetLinks, errors: LipsmithAPI.errors) { MediaByContent(blobs: $0) }
        parts.quotaByteCount = quotaByteCount
        try await self.init(parts) { services, folder in
            guard let uploads = try? FolderPartialUploads(root: folder + "/uploads") else {
                fatalError("no folder of uploads can be made")
            }
            var media = LipsmithMedia(uploads: uploads, checker: checker)
            media.uploadByteLimit = uploadByteLimit
            return LipsmithAPI(services, media: media, samplePath: samplePath)
        } register: { api, router in
            api.register(on: &router)
        }
    }

    /// Announces a file, and gives the upload's identifier.
    func announce(_ name: String = "clip.mp4", byteCount: Int) async throws -> String {
        let answer = try await send(
            .post, "/v1/uploads", json: ["name": .string(name), "byteCount": .integer(Int64(byteCount))])
        #expect(answer.status == 201)
        return try #require(answer["id"]?.text)
    }

    /// Sends a piece.
    func piece(_ id: String, at offset: Int, _ text: String, key: String? = nil) async throws -> Answer {
        try await send(
            .patch, "/v1/uploads/\(id)", headers: ["Upload-Offset": "\(offset)"], body: Array(text.utf8), key: key)
    }

    /// Makes an asset of a text.
    func asset(_ text: String, name: String = "clip.mp4") async throws -> Answer {
        let id = try await announce(name, byteCount: text.utf8.count)
        #expect(try await piece(id, at: 0, text).status == 200)
        return try await send(.post, "/v1/uploads/\(id)/asset")
    }
}

extension Answer {
    /// The code of an error.
    var errorCode: String? { self["error"]?["code"]?.text }
    /// The place that an error is about.
    var errorField: String? { self["error"]?["field"]?.text }
}

/// Media that are what their content says.
struct MediaByContent: MediaInspector {
    let blobs: any BlobStore

    func checkAccess(to input: MediaInput, field: RequestField, organisation: OrganisationID) async throws {}

    func facts(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws -> MediaFacts {
        throw GenerationError(.videoInaccessible, field: field)
    }

    func facts(of blob: BlobKey, as kind: MediaKind, field: RequestField) async throws -> MediaFacts {
        let reader = try #require(try await blobs.reader(for: blob))
        let content = String(decoding: try await reader.read(offset: 0, maximumCount: 16), as: UTF8.self)
        if content.hasPrefix("slow") { throw GenerationError(.inspectionTimedOut, field: field) }
        guard content.hasPrefix(kind.rawValue) else {
            throw GenerationError(kind == .audio ? .audioUnusable : .videoUnusable, field: field)
        }
        let byteCount = reader.facts.byteCount
        switch kind {
        case .video:
            let thumbnail = try await blobs.makeWriter()
            try await thumbnail.write(Array("small".utf8))
            return MediaFacts(
                kind: .video, format: "mp4", byteCount: byteCount, durationSeconds: 4, width: 640, height: 480,
                framesPerSecond: 25, hasSound: true, thumbnail: try await thumbnail.finish(as: nil).key)
        case .image:
            let format = content.hasPrefix("image svg") ? "svg" : "png"
            return MediaFacts(kind: .image, format: format, byteCount: byteCount, width: 640, height: 480)
        default:
            return MediaFacts(kind: .audio, format: "wav", byteCount: byteCount, durationSeconds: 8, hasSound: true)
        }
    }
}

/// Says what it was told to say, and keeps what it was asked.
final class CannedChecker: MediaChecker {
    let picture: CheckedPicture
    let sound: CheckedSound
    private let asked = Mutex<[MediaInput]>([])

    init(
        picture: CheckedPicture = CheckedPicture(
            kind: .video, durationSeconds: 10, width: 1280, height: 720, frameRate: 25, frameCount: 250,
            samples: [
                .init(
                    seconds: 0, frame: 0,
                    faces: [
                        .init(
                            box: SpeakerBox(left: 10, top: 20, right: 210, bottom: 260), yawDegrees: -3.5,
                            widthPixels: 190, confidence: 0.99)
                    ])
            ], shots: [0], gaps: []),
        sound: CheckedSound = CheckedSound(
            durationSeconds: 12, loudness: -20.5, peakDecibels: -1.2, clippedShare: 0, silentShare: 0.25,
            waveform: [0, 0.5, 1])
    ) {
        self.picture = picture
        self.sound = sound
    }

    /// What was looked at.
    var inputs: [MediaInput] { asked.withLock { $0 } }

    func picture(
        of input: MediaInput, field: RequestField, organisation: OrganisationID
    ) async throws -> CheckedPicture {
        try note(input, field)
        return picture
    }

    func sound(of input: MediaInput, field: RequestField, organisation: OrganisationID) async throws -> CheckedSound {
        try note(input, field)
        return sound
    }

    private func note(_ input: MediaInput, _ field: RequestField) throws {
        asked.withLock { $0.append(input) }
        if case .url(let url) = input.source, url.contains("unreachable") {
            throw GenerationError(.audioInaccessible, field: field)
        }
    }
}
