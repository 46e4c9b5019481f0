import Foundation
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

    // A network in OpenVINO's own form: the sum and the product of a picture and a sound of four values each.
    private func twoInputs(_ folder: TemporaryFolder) throws -> String {
        func port(_ id: Int, _ name: String = "") -> String {
            "<port id=\"\(id)\" precision=\"FP32\" names=\"\(name)\"><dim>1</dim><dim>4</dim></port>"
        }
        func layer(_ id: Int, _ name: String, _ type: String, _ content: String) -> String {
            "<layer id=\"\(id)\" name=\"\(name)\" type=\"\(type)\" version=\"opset1\">\(content)</layer>"
        }
        let input = "<data shape=\"1,4\" element_type=\"f32\"/>"
        let mixed = "<data auto_broadcast=\"numpy\"/><input>\(port(0))\(port(1))</input>"
        let layers = [
            layer(0, "picture", "Parameter", "\(input)<output>\(port(0, "picture"))</output>"),
            layer(1, "sound", "Parameter", "\(input)<output>\(port(0, "sound"))</output>"),
            layer(2, "sum", "Add", "\(mixed)<output>\(port(2, "sum"))</output>"),
            layer(3, "product", "Multiply", "\(mixed)<output>\(port(2, "product"))</output>"),
            layer(4, "first", "Result", "<input>\(port(0))</input>"),
            layer(5, "second", "Result", "<input>\(port(0))</input>"),
        ]
        let edges = [(0, 0, 2, 0), (1, 0, 2, 1), (0, 0, 3, 0), (1, 0, 3, 1), (2, 2, 4, 0), (3, 2, 5, 0)].map {
            "<edge from-layer=\"\($0)\" from-port=\"\($1)\" to-layer=\"\($2)\" to-port=\"\($3)\"/>"
        }
        let text =
            "<?xml version=\"1.0\"?><net name=\"two\" version=\"11\"><layers>\(layers.joined())</layers>"
            + "<edges>\(edges.joined())</edges></net>"
        try text.write(toFile: folder.path("two.xml"), atomically: true, encoding: .utf8)
        try Data().write(to: URL(fileURLWithPath: folder.path("two.bin")))
        return folder.path("two.xml")
    }

    @Test("A network with two inputs takes each by its name and gives two named outputs")
    func named() throws {
        let folder = try TemporaryFolder()
        let path = try twoInputs(folder)
        let runtime = try OpenVINO(folder: TestFaces.runtimeFolder, cacheFolder: folder.path("cache"))
        let shape = InputShapes.named(["picture": [1, 6], "sound": [1, 6]])
        // Compiled, and read again as it was compiled.
        for (shapes, count) in [(InputShapes.own, 4), (shape, 6), (shape, 6)] {
            let session = try runtime.load(path, inputShapes: shapes, threadCount: 1)
            #expect(session.inputNames == ["picture", "sound"])
            #expect(session.outputNames.sorted() == ["product", "sum"])
            session.withInput(named: "sound") { $0.update(repeating: 3) }
            session.withInput(named: "picture") { for index in $0.indices { $0[index] = Float(index) } }
            try session.run()
            #expect(session.withOutput(named: "sum") { Array($0) } == (0..<count).map { Float($0) + 3 })
            #expect(session.withOutput(named: "product") { Array($0) } == (0..<count).map { Float($0) * 3 })
            #expect(session.withInput(named: "words") { _ in true } == nil)
        }
        #expect(throws: InferenceError.self) {
            try runtime.load(path, inputShapes: .named(["words": [1, 2]]), threadCount: 1)
        }
    }

    @Test("A process has one runtime for a folder")
    func shared() throws {
        let runtime = try OpenVINO.shared(folder: TestFaces.runtimeFolder)
        #expect(try OpenVINO.shared(folder: TestFaces.runtimeFolder) === runtime)
        #expect(throws: InferenceError.self) { try OpenVINO.shared(folder: "/nonexistent") }
    }

    @Test("A session outlives the last other reference to its runtime")
    func keepsRuntime() throws {
        let session = try mesh()
        #expect(try values(session, level: 0.5).allSatisfy { $0.allSatisfy(\.isFinite) })
    }
}
