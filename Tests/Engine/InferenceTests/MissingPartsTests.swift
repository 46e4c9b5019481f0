import Foundation
import Inference
import TestSupport
import Testing

@Suite("A runtime or network that is not there")
struct MissingPartsTests {
    private func kind(_ body: () throws -> Void) -> InferenceError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? InferenceError)?.kind
        }
    }

    @Test("A folder without the runtime is told from everything else")
    func runtimeMissing() throws {
        #expect(kind { _ = try OpenVINO(folder: "/nonexistent") } == .runtimeMissing)
        let folder = try TemporaryFolder()
        #expect(kind { _ = try OpenVINO(folder: folder.path()) } == .runtimeMissing)
    }

    @Test("A library that is no library counts as missing")
    func runtimeGarbage() throws {
        let folder = try TemporaryFolder()
        try Data("not a library".utf8).write(to: URL(fileURLWithPath: folder.path("libopenvino_c.so")))
        #expect(kind { _ = try OpenVINO(folder: folder.path()) } == .runtimeMissing)
    }

    @Test("A network's file that is missing, empty, cut or full of noise is unreadable, and the runtime lives on")
    func modelUnreadable() throws {
        let runtime = try OpenVINO(folder: TestFaces.runtimeFolder)
        let folder = try TemporaryFolder()
        let good = TestFaces.modelFolder + "/face_landmark.tflite"
        let whole = try Data(contentsOf: URL(fileURLWithPath: good))
        var noise = Data(count: 4096)
        for index in noise.indices { noise[index] = UInt8(truncatingIfNeeded: index &* 37 &+ index >> 3) }
        for (name, content) in [("empty.tflite", Data()), ("cut.tflite", whole.prefix(5000)), ("noise.tflite", noise)] {
            try content.write(to: URL(fileURLWithPath: folder.path(name)))
            let path = folder.path(name)
            #expect(
                kind { _ = try runtime.load(path, inputShape: nil, threadCount: 1) } == .modelUnreadable, "\(name)")
        }
        #expect(
            kind { _ = try runtime.load("/nonexistent.tflite", inputShape: nil, threadCount: 1) } == .modelUnreadable)
        #expect(try runtime.load(good, inputShape: nil, threadCount: 1).inputCount == 192 * 192 * 3)
    }

    @Test("A shape that the network cannot take is refused as a value")
    func wrongShape() throws {
        let runtime = try OpenVINO(folder: TestFaces.runtimeFolder)
        let good = TestFaces.modelFolder + "/face_landmark.tflite"
        #expect(
            kind { _ = try runtime.load(good, inputShape: [1, 7], threadCount: 1) } == .modelUnreadable)
    }
}
