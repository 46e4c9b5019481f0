import Inference
import TestSupport
import Testing

@Suite("A loaded network")
struct SessionTests {
    private func mesh() throws -> any InferenceSession {
        try OpenVINO(folder: TestFaces.runtimeFolder).load(
            TestFaces.modelFolder + "/face_landmark.tflite", inputShape: nil, threadCount: 1)
    }

    private func values(_ session: any InferenceSession, level: Float) throws -> [[Float]] {
        session.withInput { input in
            for index in input.indices { input[index] = level * Float(index % 251) / 251 }
        }
        try session.run()
        return session.outputNames.indices.map { session.withOutput($0) { Array($0) } }
    }

    @Test("The mesh network has one input of 192 × 192 colours and outputs of 468 points and one presence")
    func shapes() throws {
        let session = try mesh()
        #expect(session.inputCount == 192 * 192 * 3)
        #expect(session.outputNames.indices.map { session.withOutput($0) { $0.count } }.sorted() == [1, 1404])
    }

    @Test("The same input gives the same bits again, also in another session and after another input")
    func deterministic() throws {
        let first = try mesh()
        let second = try mesh()
        let wanted = try values(first, level: 1)
        #expect(try values(first, level: 0.3) != wanted)
        #expect(try values(first, level: 1) == wanted)
        #expect(try values(second, level: 1) == wanted)
    }

    @Test("A session outlives the last other reference to its runtime")
    func keepsRuntime() throws {
        let session = try mesh()
        #expect(try values(session, level: 0.5).allSatisfy { $0.allSatisfy(\.isFinite) })
    }
}
