import TestSupport

/// The targets of Package.swift with what they depend on.
struct Manifest {
    struct Target {
        var kind: String
        var dependencies: [String]
    }

    let targets: [String: Target]

    /// Reads the manifest's text: every call of a target's maker up to its closing parenthesis.
    init(_ text: String) {
        var targets: [String: Target] = [:]
        for kind in ["target", "executableTarget", "testTarget"] {
            for part in text.components(after: ".\(kind)(") {
                let body = part.upToClosing("(", ")")
                guard let name = body.components(after: "name: \"").first?.prefix(while: { $0 != "\"" }) else {
                    continue
                }
                let list = body.components(after: "dependencies: [").first?.upToClosing("[", "]") ?? ""
                let names = list.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 }.map { String($0.element) }
                targets[String(name)] = Target(kind: kind, dependencies: names)
            }
        }
        self.targets = targets
    }

    /// The package's own manifest.
    static func current() throws -> Manifest { Manifest(try Repository.text("Package.swift")) }
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
}
