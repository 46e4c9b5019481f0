import ChildProtocol
import Foundation
import Generations
import LipSync
import Provenance
import TestSupport
import TestTools
import Testing
import Text
import Time

/// What the child does, here in the tests' own process and signed by an identity at hand.
@Suite("Signed manifests")
struct SealingTests {
    private let folder: TemporaryFolder
    private let identity: SigningIdentity
    private static let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))

    init() throws {
        folder = try TemporaryFolder()
        identity = try SigningIdentity(
            installationText: try SigningIdentity.makeInstallationText(now: Self.now), now: Self.now)
    }

    private static let recipes: [(name: String, contentType: String, recipe: [String])] = [
        ("a.mp4", "video/mp4", ["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-movflags", "+faststart"]),
        ("a.wav", "audio/wav", ["-f", "lavfi", "-i", "sine=d=1"]),
        ("a.mp3", "audio/mpeg", ["-f", "lavfi", "-i", "sine=d=1"]),
        ("a.jpg", "image/jpeg", ["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-frames:v", "1"]),
        ("a.png", "image/png", ["-f", "lavfi", "-i", "testsrc2=s=320x240:d=1", "-frames:v", "1"]),
    ]

    private func made(_ name: String) throws -> (path: String, contentType: String) {
        let recipe = try #require(Self.recipes.first { $0.name == name })
        try Program.ffmpeg(recipe.recipe + [folder.path(name)])
        return (folder.path(name), recipe.contentType)
    }

    private func draft(_ contentType: String, _ sources: [ManifestDraft.Source] = []) -> ManifestDraft {
        ManifestDraft(
            title: "output", contentType: contentType,
            making: sources.contains { $0.relationship == .parentOf }
                ? .edited(.compositeWithTrainedAlgorithmicMedia) : .created(.trainedAlgorithmicMedia),
            sources: sources, version: "1", statement: ["model": "lipsync-2", "consent": "form 7"],
            watermark: 0x12AB_34CD)
    }

    @discardableResult
    private func seal(
        _ files: [SealingOrder.File], by identity: SigningIdentity? = nil, readsIngredients: Bool = true
    ) throws -> SealingOutcome {
        let identity = identity ?? self.identity
        let order = SealingOrder(
            files: files, certificates: try identity.certificates(now: Self.now),
            algorithm: identity.algorithm.rawValue, readsIngredients: readsIngredients)
        return try ChildSealing(order, folder: Repository.thirdParty) { question in
            guard case .signature(let bytes) = question else { return nil }
            return try? identity.sign(Array(bytes))
        }.run()
    }

    private func finding(_ path: String) throws -> CredentialFinding? {
        try CredentialReading(folder: Repository.thirdParty, anchors: identity.anchors).finding(in: path)
    }

    @Test(
        "Files of every kind are valid as they were signed, and not with one byte changed",
        arguments: recipes.map(\.name))
    func everyKind(name: String) throws {
        let (path, contentType) = try made(name)
        try seal([draft(contentType).order(path: path, sealedPath: path + ".sealed")])
        let finding = try #require(try finding(path + ".sealed"))
        #expect(finding.isValid)
        #expect(finding.isByKnownSigner)
        #expect(finding.problems == [])
        #expect(finding.generator == "Lipsmith 1")
        #expect(finding.statement == ["model": "lipsync-2", "consent": "form 7"])
        #expect(finding.watermark == "12ab34cd")
        #expect(finding.digitalSources == [DigitalSource.trainedAlgorithmicMedia.address])
        var bytes = try #require(FileManager.default.contents(atPath: path + ".sealed"))
        bytes[bytes.count - 40] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path + ".changed"))
        #expect(try self.finding(path + ".changed")?.isValid == false)
        #expect(try self.finding(path) == nil)
    }

    @Test("A signer that nobody knows is told as such")
    func unknownSigner() throws {
        let (path, contentType) = try made("a.png")
        try seal([draft(contentType).order(path: path, sealedPath: path + ".sealed")])
        let reading = try CredentialReading(folder: Repository.thirdParty, anchors: "")
        let finding = try #require(try reading.finding(in: path + ".sealed"))
        #expect(finding.isValid)
        #expect(!finding.isByKnownSigner)
        #expect(finding.signer == "Lipsmith signer")
    }

    @Test("A video still begins to play before all of it is there, and its pictures are the same")
    func video() throws {
        let (path, contentType) = try made("a.mp4")
        try seal([draft(contentType).order(path: path, sealedPath: path + ".sealed.mp4")])
        let bytes = try #require(FileManager.default.contents(atPath: path + ".sealed.mp4"))
        let index = try #require(bytes.range(of: Data("moov".utf8)))
        let media = try #require(bytes.range(of: Data("mdat".utf8)))
        #expect(index.lowerBound < media.lowerBound)
        func pictures(_ path: String) throws -> String {
            try Program.succeed("ffmpeg", ["-v", "error", "-i", path, "-f", "framemd5", "-"])
        }
        #expect(try pictures(path) == pictures(path + ".sealed.mp4"))
    }

    @Test("Credentials of sources are kept in those of what is made of them")
    func sources() throws {
        let (video, contentType) = try made("a.mp4")
        let (sound, soundType) = try made("a.wav")
        let sources = [
            ManifestDraft.Source(title: "clip", relationship: .parentOf, path: video + ".sealed"),
            ManifestDraft.Source(title: "voice", relationship: .componentOf, path: sound + ".sealed"),
            ManifestDraft.Source(title: "gone", relationship: .inputTo, path: nil),
        ]
        let outcome = try seal([
            draft(contentType).order(path: video, sealedPath: video + ".sealed"),
            draft(soundType).order(path: sound, sealedPath: sound + ".sealed"),
            draft(contentType, sources).order(path: video, sealedPath: video + ".made"),
        ])
        #expect(outcome.unreadIngredients == [[], [], [2]])
        let finding = try #require(try finding(video + ".made"))
        #expect(finding.isValid)
        #expect(finding.sources.map(\.title).sorted() == ["clip", "gone", "voice"])
        #expect(finding.sources.filter(\.hasCredentials).map(\.title).sorted() == ["clip", "voice"])
        #expect(finding.sources.allSatisfy { $0.problems.isEmpty })
    }

    @Test("A known signer stays known where a source was signed by a stranger")
    func strangersSource() throws {
        let (path, contentType) = try made("a.png")
        let stranger = try SigningIdentity(
            installationText: try SigningIdentity.makeInstallationText(now: Self.now), now: Self.now)
        try seal([draft(contentType).order(path: path, sealedPath: path + ".sealed")], by: stranger)
        let source = ManifestDraft.Source(title: "picture", relationship: .componentOf, path: path + ".sealed")
        try seal([draft(contentType, [source]).order(path: path, sealedPath: path + ".made")])
        let finding = try #require(try finding(path + ".made"))
        #expect(finding.isValid)
        #expect(finding.isByKnownSigner)
        #expect(try self.finding(path + ".sealed")?.isByKnownSigner == false)
    }

    @Test("A file whose own form is damaged is no file with damaged credentials", arguments: ["a.jpg", "a.mp4"])
    func damagedFile(name: String) throws {
        let (path, _) = try made(name)
        let bytes = try #require(FileManager.default.contents(atPath: path))
        // A picture that is cut off; a video with something behind its end.
        let damaged = name == "a.jpg" ? bytes.prefix(300) : bytes + Data("trailing junk".utf8)
        try damaged.write(to: URL(fileURLWithPath: path + ".damaged"))
        let error = #expect(throws: CredentialError.self) { _ = try finding(path + ".damaged") }
        #expect(error?.kind == .fileUnreadable)
    }

    @Test("A source that was changed after it was signed is told in what is made of it")
    func changedSource() throws {
        let (video, contentType) = try made("a.mp4")
        try seal([draft(contentType).order(path: video, sealedPath: video + ".sealed")])
        var bytes = try #require(FileManager.default.contents(atPath: video + ".sealed"))
        bytes[bytes.count - 40] ^= 1
        try bytes.write(to: URL(fileURLWithPath: video + ".changed"))
        let source = ManifestDraft.Source(title: "clip", relationship: .parentOf, path: video + ".changed")
        try seal([draft(contentType, [source]).order(path: video, sealedPath: video + ".made")])
        let finding = try #require(try finding(video + ".made"))
        #expect(finding.isValid)
        #expect(finding.sources.first?.problems == ["assertion.bmffHash.mismatch"])
    }

    @Test("A source whose manifest is damaged, or that is no medium, is named all the same")
    func brokenSources() throws {
        let (video, contentType) = try made("a.mp4")
        try seal([draft(contentType).order(path: video, sealedPath: video + ".sealed")])
        let sealed = try #require(FileManager.default.contents(atPath: video + ".sealed"))
        let start = try #require(sealed.range(of: Data("c2pa.assertions".utf8))).upperBound
        var generator = SeededGenerator(seed: 20)
        for round in 0..<40 {
            var bytes = sealed
            for _ in 0...round {
                bytes[Int.random(in: start..<start + 3000, using: &generator)] ^= UInt8.random(in: 1...255)
            }
            try bytes.write(to: URL(fileURLWithPath: video + ".broken"))
            let source = ManifestDraft.Source(title: "clip", relationship: .parentOf, path: video + ".broken")
            try seal([draft(contentType, [source]).order(path: video, sealedPath: video + ".made")])
            let finding = try #require(try finding(video + ".made"))
            #expect(finding.isValid, "round \(round)")
            #expect(finding.sources.map(\.title) == ["clip"])
        }
        try Data("no medium".utf8).write(to: URL(fileURLWithPath: folder.path("text")))
        let text = ManifestDraft.Source(title: "text", relationship: .parentOf, path: folder.path("text"))
        let outcome = try seal([draft(contentType, [text]).order(path: video, sealedPath: video + ".text")])
        #expect(outcome.unreadIngredients == [[0]])
        #expect(try finding(video + ".text")?.isValid == true)
    }

    @Test("Without a library there is a sentence, and no crash")
    func missingLibrary() {
        let error = #expect(throws: CredentialError.self) { try CredentialLibrary(folder: "/nowhere") }
        #expect(error?.kind == .libraryMissing)
    }

    @Test("A refused signature fails the file")
    func refusedSignature() throws {
        let (path, contentType) = try made("a.png")
        let order = SealingOrder(
            files: [draft(contentType).order(path: path, sealedPath: path + ".sealed")],
            certificates: try identity.certificates(now: Self.now), algorithm: "es256",
            readsIngredients: true)
        #expect(throws: CredentialError.self) {
            try ChildSealing(order, folder: Repository.thirdParty) { _ in nil }.run()
        }
    }

    @Test("Plans are the same wherever their files lie, and differ by what they ask for")
    func planDigests() {
        let plan = RenderPlan(videoPath: "/a/clip.mp4", audioPath: "/a/b.wav", outputPath: "/c")
        var moved = plan.moved(inputs: { "/elsewhere\($0)" }, outputFolder: "/d")
        moved.isMeasured = true
        #expect(ManifestDraft.planDigest(of: .sync(plan)) == ManifestDraft.planDigest(of: .sync(moved)))
        moved.seed = 7
        #expect(ManifestDraft.planDigest(of: .sync(plan)) != ManifestDraft.planDigest(of: .sync(moved)))
    }
}
