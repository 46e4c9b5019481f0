import Foundation
import Inference
import TestSupport
import Testing

/// Goal: a network whose sizes come with each run is given what it asks and gives what it makes. Method: a network in
/// OpenVINO's own form that adds a float to whole numbers of any count.
@Suite("A network of changing sizes")
struct DynamicSessionTests {
    private static func port(_ id: Int, _ precision: String, _ size: Int, _ name: String = "") -> String {
        "<port id=\"\(id)\" precision=\"\(precision)\" names=\"\(name)\"><dim>\(size)</dim></port>"
    }

    private static func layer(_ id: Int, _ name: String, _ type: String, _ content: String) -> String {
        "<layer id=\"\(id)\" name=\"\(name)\" type=\"\(type)\" version=\"opset1\">\(content)</layer>"
    }

    private static func load(_ folder: TemporaryFolder) throws -> any DynamicSession {
        let layers = [
            layer(
                0, "tokens", "Parameter",
                "<data shape=\"?\" element_type=\"i64\"/><output>\(port(0, "I64", -1, "tokens"))</output>"),
            layer(
                1, "speed", "Parameter",
                "<data shape=\"1\" element_type=\"f32\"/><output>\(port(0, "FP32", 1, "speed"))</output>"),
            layer(
                2, "converted", "Convert",
                "<data destination_type=\"f32\"/><input>\(port(0, "I64", -1))</input>"
                    + "<output>\(port(1, "FP32", -1))</output>"),
            layer(
                3, "sum", "Add",
                "<data auto_broadcast=\"numpy\"/><input>\(port(0, "FP32", -1))\(port(1, "FP32", 1))</input>"
                    + "<output>\(port(2, "FP32", -1, "sum"))</output>"),
            layer(4, "first", "Result", "<input>\(port(0, "FP32", -1))</input>"),
            layer(5, "second", "Result", "<input>\(port(0, "I64", -1))</input>"),
        ]
        let edges = [(0, 0, 2, 0), (2, 1, 3, 0), (1, 0, 3, 1), (3, 2, 4, 0), (0, 0, 5, 0)].map {
            "<edge from-layer=\"\($0)\" from-port=\"\($1)\" to-layer=\"\($2)\" to-port=\"\($3)\"/>"
        }
        let text =
            "<?xml version=\"1.0\"?><net name=\"sizes\" version=\"11\"><layers>\(layers.joined())</layers>"
            + "<edges>\(edges.joined())</edges></net>"
        try text.write(toFile: folder.path("sizes.xml"), atomically: true, encoding: .utf8)
        try Data().write(to: URL(fileURLWithPath: folder.path("sizes.bin")))
        return try OpenVINO.shared(folder: TestFaces.runtimeFolder).loadDynamic(
            folder.path("sizes.xml"), threadCount: 1)
    }

    private static func inputs(_ tokens: [Int64], speed: Float = 0.5) -> [String: Tensor] {
        ["tokens": Tensor(.integers(tokens), shape: [tokens.count]), "speed": Tensor([speed])]
    }

    @Test("Every run may have another size, and large whole numbers arrive")
    func sizes() throws {
        let session = try Self.load(try TemporaryFolder())
        for count in [1, 7, 300, 2] {
            let tokens = (0..<count).map { Int64($0 * 1000) }
            let sums = try session.run(Self.inputs(tokens), outputs: ["sum"])
            #expect(sums == [tokens.map { Float($0) + 0.5 }])
        }
    }

    @Test("A wrong name, a wrong kind, a wrong size and an output of whole numbers are refused; the session goes on")
    func refusals() throws {
        let session = try Self.load(try TemporaryFolder())
        let wrong: [([String: Tensor], String)] = [
            (["words": Tensor([1])], "sum"), (["tokens": Tensor([1, 2])], "sum"),
            (["speed": Tensor([1, 2])], "sum"), (Self.inputs([1]), "nothing"), (Self.inputs([1]), "tokens"),
        ]
        for (inputs, output) in wrong {
            let error = #expect(throws: InferenceError.self) { try session.run(inputs, outputs: [output]) }
            #expect(error?.kind == .runFailed)
        }
        #expect(try session.run(Self.inputs([4]), outputs: ["sum"]) == [[4.5]])
    }

    @Test("A file that is no network is refused")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        try "words".write(toFile: folder.path("a.onnx"), atomically: true, encoding: .utf8)
        let runtime = try OpenVINO.shared(folder: TestFaces.runtimeFolder)
        for name in ["a.onnx", "missing.onnx"] {
            let error = #expect(throws: InferenceError.self) {
                try runtime.loadDynamic(folder.path(name), threadCount: 1)
            }
            #expect(error?.kind == .modelUnreadable)
        }
    }
}
