import Foundation

/// Places in the source tree that tests read.
package enum Repository {
    /// The folder of Package.swift.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// What `make setup` unpacks.
    package static let thirdParty = root + "/.third-party"
    /// A public-domain portrait, 512 × 512 pixels.
    package static let portrait = thirdParty + "/media/astronaut.png"

    /// The text of a file, by its path from the root.
    package static func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    /// The Swift files under a folder, by their paths from the root, sorted.
    package static func swiftFiles(under folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
        return found.filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }.sorted()
    }
}
