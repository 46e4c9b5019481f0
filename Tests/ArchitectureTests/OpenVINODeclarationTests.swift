import Foundation
import TestSupport
import Testing

// The shim declares the runtime's functions itself, so that it builds without the headers; a wrong declaration would
// only show as a crash.
@Suite("The OpenVINO shim's declarations")
struct OpenVINODeclarationTests {
    private struct Function: Hashable {
        var name: String
        var result: String
        var parameterCount: Int
    }

    @Test("Each function of the shim exists in the runtime's headers with as many parameters and the same result")
    func declarationsAgree() throws {
        let declared = try Self.shimFunctions()
        #expect(declared.count >= 20)
        let known = Dictionary(try Self.headerFunctions().map { ($0.name, $0) }) { first, _ in first }
        for function in declared {
            let original = try #require(known[function.name], "\(function.name) is in no header")
            #expect(original.parameterCount == function.parameterCount, "\(function.name)")
            #expect(original.result == function.result, "\(function.name)")
        }
    }

    private static func shimFunctions() throws -> [Function] {
        let text = try Repository.text("Sources/Shims/COpenVINO/COpenVINO.c")
        let table = try #require(text.components(after: "#define FUNCTIONS(X)").first?.components(before: "\n\n"))
        return table.replacingOccurrences(of: "\\\n", with: " ").components(after: "X(").map { entry in
            let parts = entry.upToClosing("(", ")")
            let words = topLevelParts(parts).map { $0.trimmingCharacters(in: .whitespaces) }
            return Function(
                name: words[1], result: normalized(words[0]),
                parameterCount: parameterCount(String(words[2].dropFirst().dropLast())))
        }
    }

    private static func headerFunctions() throws -> [Function] {
        let folder = Repository.thirdParty + "/openvino-headers"
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".h") }.flatMap { name -> [Function] in
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            return text.components(after: "OPENVINO_C_API(").compactMap { rest in
                let result = rest.upToClosing("(", ")")
                let declaration = rest.dropFirst(result.count + 1)
                guard let name = declaration.components(before: "(") else { return nil }
                let parameters = declaration.dropFirst(name.count + 1).upToClosing("(", ")")
                return Function(
                    name: name.trimmingCharacters(in: .whitespacesAndNewlines), result: normalized(result),
                    parameterCount: parameterCount(parameters))
            }
        }
    }

    private static func normalized(_ result: String) -> String {
        // The status is an enumeration, which C passes as an int.
        let text = result.replacingOccurrences(of: " ", with: "")
        return text == "ov_status_e" ? "int" : text
    }

    private static func parameterCount(_ list: String) -> Int {
        let text = list.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty || text == "void" ? 0 : topLevelParts(text).count
    }

    private static func topLevelParts(_ list: String) -> [String] {
        var depth = 0
        var parts = [""]
        for character in list {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts
    }
}

extension StringProtocol {
    /// The texts that follow each place of `mark`.
    func components(after mark: String) -> [Substring] {
        var result: [Substring] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: mark) {
            rest = rest[range.upperBound...]
            result.append(rest)
        }
        return result
    }

    /// The text up to the bracket that closes one opened before it.
    func upToClosing(_ opening: Character, _ closing: Character) -> String {
        var depth = 1
        var text = ""
        for character in self {
            if character == opening { depth += 1 }
            if character == closing { depth -= 1 }
            if depth == 0 { break }
            text.append(character)
        }
        return text
    }

    /// The text before a mark, or `nil` where the mark is not there.
    func components(before mark: String) -> String? {
        firstRange(of: mark).map { String(self[..<$0.lowerBound]) }
    }
}
