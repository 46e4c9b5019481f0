import Foundation
import Generations
import LipSync
import TestSupport
import Testing
import Worker

@Suite("What jobs found out is kept for later ones")
struct AnalysisCacheTests {
    private static let summary = MediaSummary(kind: .image, format: "png", byteCount: 3, width: 4, height: 4)

    private let folder: TemporaryFolder
    private let analyses: AnalysisCache

    init() throws {
        folder = try TemporaryFolder()
        analyses = AnalysisCache(folder: folder.path("analyses"))
    }

    private func plan(range: TimeRange? = nil) -> (AnimationPlan, ResolvedInputs) {
        var plan = AnimationPlan(
            pictures: [PictureCue(path: "/p")], audioPath: "/a", outputPath: folder.path("out.mp4"))
        plan.audioRange = range
        let picture = LocalMedium(path: "/p", summary: Self.summary, digest: "picture")
        let sound = LocalMedium(path: "/a", summary: Self.summary, digest: "sound")
        return (plan, ResolvedInputs(visual: picture, voices: [1: sound], pictures: [picture]))
    }

    private func prepare(
        _ attempt: String, owner: String = "o", range: TimeRange? = nil
    ) async throws -> (AnimationPlan, [AnalysisCache.Promise]) {
        try FileManager.default.createDirectory(
            atPath: folder.path(attempt) + "/output", withIntermediateDirectories: true)
        let (plan, inputs) = plan(range: range)
        return await analyses.prepare(
            plan, inputs, owner: OrganisationID(rawValue: owner), folder: folder.path(attempt))
    }

    @Test("All of it together has a limit; what was not used for the longest time goes")
    func limit() async throws {
        for number in 0..<5 {
            let (plan, promises) = try await prepare("\(number)", owner: "\(number)")
            let path = try #require(plan.pictures[0].faces?.outputPath)
            try Data(count: 15 << 20).write(to: URL(fileURLWithPath: path))
            await analyses.keep(promises)
        }
        #expect(try await prepare("first", owner: "0").0.pictures[0].faces?.path == nil)
        for number in 1..<5 {
            #expect(try await prepare("again \(number)", owner: "\(number)").0.pictures[0].faces?.path != nil)
        }
    }

    @Test("What one job writes the next one reads, for the same files, the same part and the same owner")
    func sharing() async throws {
        let (first, promises) = try await prepare("1")
        let written = try #require(first.pictures[0].faces?.outputPath)
        #expect(first.pictures[0].faces?.path == nil)
        #expect(first.speech?.outputPath != nil)
        #expect(promises.count == 2)
        try "faces".write(toFile: written, atomically: true, encoding: .utf8)
        await analyses.keep(promises)
        let (second, rest) = try await prepare("2")
        let known = try #require(second.pictures[0].faces?.path)
        #expect(try String(contentsOfFile: known, encoding: .utf8) == "faces")
        #expect(second.pictures[0].faces?.outputPath == nil)
        #expect(known.hasPrefix(folder.path("2")))
        // The child left nothing about the sound.
        #expect(second.speech?.outputPath != nil)
        #expect(rest.count == 1)
        #expect(try await prepare("3", owner: "other").0.pictures[0].faces?.path == nil)
        try "speech".write(toFile: try #require(second.speech?.outputPath), atomically: true, encoding: .utf8)
        await analyses.keep(rest)
        #expect(try await prepare("4").0.speech?.path != nil)
        let part = try await prepare("5", range: TimeRange(startSeconds: 1, endSeconds: 2))
        #expect(part.0.speech?.path == nil)
        #expect(part.0.pictures[0].faces?.path != nil)
    }

    @Test("A link in place of a file is not taken")
    func links() async throws {
        let (plan, promises) = try await prepare("1")
        try FileManager.default.createSymbolicLink(
            atPath: try #require(plan.speech?.outputPath), withDestinationPath: "/etc/passwd")
        await analyses.keep(promises)
        #expect(try await prepare("2").0.speech?.path == nil)
    }

    @Test("What a file is is known by its content, to its owner alone")
    func summaries() async throws {
        try "abc".write(toFile: folder.path("file"), atomically: true, encoding: .utf8)
        let digest = try #require(await AnalysisCache.digest(of: folder.path("file")))
        #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let (owner, other) = (OrganisationID(rawValue: "o"), OrganisationID(rawValue: "x"))
        await analyses.keep(Self.summary, of: digest, owner: owner)
        #expect(await analyses.summary(of: digest, owner: owner) == Self.summary)
        #expect(await analyses.summary(of: digest, owner: other) == nil)
        for number in 0..<256 { await analyses.keep(Self.summary, of: "\(number)", owner: owner) }
        #expect(await analyses.summary(of: digest, owner: owner) == nil)
        #expect(await AnalysisCache.digest(of: folder.path("none")) == nil)
    }
}
