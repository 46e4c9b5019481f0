import Foundation
import LipSync
import TestSupport
import Testing

@Suite("Engines of an installation")
struct EngineRegistryTests {
    /// An engine that says in its report that it was asked.
    private struct StandIn: RenderEngine {
        let profiles: [EngineProfile]
        let code: String

        func run(
            _ task: EngineTask, cancellation: Cancellation, observer: RenderObserver
        ) throws -> EngineResult {
            throw RenderFailure(.noFaceFound, message: code, suggestion: "")
        }
    }

    private func plan(_ profile: EngineProfile) -> EngineTask {
        .sync(RenderPlan(videoPath: "a", audioPath: "b", outputPath: "c", profile: profile))
    }

    @Test("A task goes to the engine that serves its profile, and to the first of two")
    func routing() {
        let network = EngineProfile(rawValue: "network")
        let engines = EngineRegistry([
            StandIn(profiles: [network, .warp], code: "first"), StandIn(profiles: [.warp, .portrait], code: "second"),
        ])
        #expect(engines.profiles == [network, .warp, .warp, .portrait])
        func answer(_ task: EngineTask) -> RenderFailure? {
            #expect(throws: RenderFailure.self) { try engines.run(task) }
        }
        #expect(answer(plan(network))?.message == "first")
        #expect(answer(plan(.warp))?.message == "first")
        #expect(answer(.animation(AnimationPlan(pictures: [], outputPath: "c")))?.message == "second")
        #expect(answer(plan(.mouthBank))?.code == .engineFailed)
    }

    @Test("The mesh engine serves three ways to draw lips and the portrait, under the names of plans")
    func mesh() throws {
        let installation = Installation(folder: Repository.thirdParty)
        let mesh = EmbeddedEngine(installation)
        #expect(mesh.profiles.map(\.rawValue) == ["warp", "mouthBank", "mouthBankFine", "portrait"])
        #expect(EngineRegistry.standard().profiles == mesh.profiles + [.media])
        let task = plan(EngineProfile(rawValue: "another"))
        let failure = #expect(throws: RenderFailure.self) { try mesh.run(task) }
        #expect(failure?.code == .engineFailed)
        let text = try JSONEncoder().encode([EngineProfile.mouthBankFine])
        #expect(String(decoding: text, as: UTF8.self) == #"["mouthBankFine"]"#)
    }

    @Test("No engine does another one's work")
    func foreign() {
        let mix = EngineTask.mix(SoundMix(outputPath: "c", voices: []))
        for (engine, task) in [(MediaEngine() as any RenderEngine, plan(.warp)), (EmbeddedEngine(), mix)] {
            let failure = #expect(throws: RenderFailure.self) { try engine.run(task) }
            #expect(failure?.code == .engineFailed)
        }
    }

    @Test("The threads are those of the setting, or as many as there are processors, up to 8")
    func threads() {
        let processors = min(ProcessInfo.processInfo.activeProcessorCount, 8)
        #expect(EngineThreads.count(environment: ["LIPSMITH_THREADS": "3"]) == 3)
        for text in ["", "0", "65", "-1", "many"] {
            #expect(EngineThreads.count(environment: ["LIPSMITH_THREADS": text]) == processors, "\(text)")
        }
        #expect(EngineThreads.count(environment: [:]) == processors)
    }

    @Test("The number of threads does not change a byte of the video")
    func sameVideo() throws {
        let folder = try TemporaryFolder()
        try TestClips.portrait(folder.path("clip.mp4"), seconds: 1)
        let files = try [1, 4].map { threads in
            let output = folder.path("\(threads).mp4")
            let plan = RenderPlan(
                videoPath: folder.path("clip.mp4"), audioPath: TestClips.voice, outputPath: output,
                preset: "ultrafast")
            _ = try EmbeddedEngine(Installation(folder: Repository.thirdParty), threadCount: threads).run(.sync(plan))
            return try Data(contentsOf: URL(fileURLWithPath: output))
        }
        #expect(files[0] == files[1])
    }
}
