import Foundation

/// An `import` line of a source file.
struct ImportLine: Hashable {
    var file: String
    var target: String
    var module: String
    var isPublic: Bool
}

/// The rules of the house: which target of the engine may import which.
enum ImportRules {
    /// The folders of Sources, lowest first.
    static let floors = ["Shims", "Foundations", "Engine", "Service", "Interfaces", "Program"]

    /// Every target under Sources that is written in Swift, with the package's own targets that it may import.
    static let allowed: [String: Set<String>] = [
        "Time": [],
        "Text": [],
        "Queues": [],
        "Wave": [],
        "Records": [],
        "HTTP": ["CCurl", "CMicrohttpd", "Queues", "Text", "Time"],
        "Media": ["CLibAV", "Wave"],
        "Inference": ["COpenVINO"],
        "Face": ["CKernels", "Inference", "Media", "Records"],
        "Speech": ["Inference", "Media", "Wave"],
        "Rendering": ["CKernels", "Face", "Media", "Records"],
        "Watermark": ["CCrypto", "CKernels", "Face", "Media"],
        "LipSync": ["Face", "Inference", "Media", "Records", "Rendering", "Speech", "Time", "Watermark", "Wave"],
        "Generations": ["CCrypto", "Queues", "Text", "Time"],
        "Processes": ["Time"],
        "Sandbox": ["CSeccomp"],
        "EngineProfiles": ["Generations", "LipSync"],
        "ChildProtocol": ["LipSync", "Processes", "Watermark"],
        "Reports": ["Generations", "Text"],
        "Persistence": ["CPostgres", "CSQLite", "Generations", "Queues", "Text", "Time"],
        "Blobs": ["Generations", "HTTP", "Processes", "Queues", "Text", "Time"],
        "Provenance": [
            "CC2PA", "CCrypto", "ChildProtocol", "Generations", "HTTP", "LipSync", "Processes", "Queues", "Text",
            "Time",
            "Watermark",
        ],
        "Synthesis": ["CEspeak", "Inference", "Speech", "Wave"],
        "Voices": [
            "ChildProtocol", "EngineProfiles", "Generations", "HTTP", "LipSync", "Media", "Processes", "Queues",
            "Speech", "Synthesis", "Text", "Wave",
        ],
        "Worker": [
            "ChildProtocol", "EngineProfiles", "Generations", "HTTP", "LipSync", "Processes", "Provenance", "Queues",
            "Text", "Time",
        ],
        "Access": ["Generations", "HTTP", "Text", "Time"],
        "WebInterface": ["Access", "Generations", "HTTP", "Queues", "Text", "Time"],
        "SyncAPI": ["Access", "Generations", "HTTP", "Text", "Time", "WebInterface"],
        "HedraAPI": ["Access", "Generations", "HTTP", "Text", "Time", "WebInterface"],
        "HedraV3API": ["Access", "Generations", "HTTP", "Text", "Time", "WebInterface"],
        "OpenAIAPI": ["Access", "Generations", "HTTP", "Text", "WebInterface"],
        "LipsmithAPI": ["Access", "Generations", "HTTP", "Queues", "Reports", "Text", "Time", "WebInterface"],
        "Studio": ["Generations", "HTTP", "Reports", "Text"],
        "Server": [
            "Access", "Blobs", "Generations", "HTTP", "HedraAPI", "HedraV3API", "LipSync", "LipsmithAPI", "OpenAIAPI",
            "Persistence", "Processes", "Provenance", "Queues", "Reports", "Sandbox", "Studio", "SyncAPI", "Text",
            "Time", "Voices",
            "WebInterface", "Worker",
        ],
        "lipsmith": [
            "ChildProtocol", "EngineProfiles", "Generations", "HTTP", "LipSync", "Provenance", "Reports", "Sandbox",
            "Server", "SyncAPI", "Synthesis", "Text", "Time", "Voices", "Watermark",
        ],
    ]

    /// Modules of the toolchain. FoundationNetworking is not among them: the engine knows no network.
    static let system: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "FoundationXML", "Glibc", "Synchronization",
    ]

    /// What is wrong with the imports, one sentence each.
    static func violations(_ lines: [ImportLine]) -> [String] {
        lines.compactMap { line in
            let isShim = line.module.first == "C" && line.module.dropFirst().first?.isUppercase == true
            if isShim, line.isPublic { return "\(line.file) shows \(line.module) to its importers" }
            if system.contains(line.module) { return nil }
            guard let allowed = allowed[line.target] else { return "\(line.target) stands in no floor" }
            return allowed.contains(line.module) ? nil : "\(line.file) may not import \(line.module)"
        }
    }

    /// The imports of a source text; indented ones and those with attributes or a kind (`import struct X.Y`) too.
    static func imports(in text: String, file: String) -> [ImportLine] {
        let target = file.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                words[..<at].allSatisfy({ $0.hasPrefix("@") || modifiers.contains($0) })
            else { return nil }
            let name = kinds.contains(words[at + 1]) && at + 2 < words.count ? words[at + 2] : words[at + 1]
            let module = String(name.prefix { $0 != "." && $0 != ";" })
            return ImportLine(
                file: file, target: target, module: module,
                isPublic: words[..<at].contains("public") || words[..<at].contains("@_exported"))
        }
    }

    private static let modifiers: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
}
