import Foundation

/// Places in the source tree that tests read.
package enum Repository {
    /// The folder of Package.swift.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// What `make setup` unpacks.
    package static let thirdParty = root + "/.third-party"
    /// A public-domain portrait, 512 × 512 pixels.
    package static let portrait = thirdParty + "/media/astronaut.png"

    /// The text of a file, by its path from the root.
    package static func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    /// The folder of a target of the product, `Sources/<Floor>/<Target>`, by its path from the root; throws where no
    /// floor has it.
    package static func folder(ofTarget name: String) throws -> String {
        let floors = try FileManager.default.contentsOfDirectory(atPath: root + "/Sources")
        let folders = floors.map { "Sources/\($0)/\(name)" }
        guard let folder = folders.first(where: { FileManager.default.fileExists(atPath: root + "/" + $0) }) else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: name])
        }
        return folder
    }

    /// The Swift files of a target of the product, by their paths from the root, sorted.
    package static func swiftFiles(ofTarget name: String) throws -> [String] {
        swiftFiles(under: try folder(ofTarget: name))
    }

    /// The text of the first file of a target with this name, whatever its folder.
    package static func text(ofFile file: String, target: String) throws -> String {
        guard let path = try swiftFiles(ofTarget: target).first(where: { $0.hasSuffix("/" + file) }) else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: file])
        }
        return try text(path)
    }

    /// The Swift files under a folder, by their paths from the root, sorted.
    package static func swiftFiles(under folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
        return found.filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }.sorted()
    }
}
