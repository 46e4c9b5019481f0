import Foundation
import Subprocess
import TestSupport

/// The targets of Package.swift with what they depend on, as the package manager reads them.
struct Manifest {
    struct Target {
        /// `regular`, `executable` or `test`.
        var kind: String
        /// From the package's root.
        var path: String
        /// In the manifest's order.
        var dependencies: [String]
        /// The first folder under `Sources`; `nil` for targets outside of it.
        var floor: String? {
            let parts = path.split(separator: "/").map(String.init)
            return parts.count == 3 && parts[0] == "Sources" ? parts[1] : nil
        }
    }

    let targets: [String: Target]

    /// Asks `swift package dump-package`, with a build folder of its own so that a build under way is not waited for.
    static func current() throws -> Manifest { try read.get() }

    private static let read = Result {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let places = ["--package-path", Repository.root, "--scratch-path", scratch.path]
        let process = try Subprocess("swift", ["package"] + places + ["dump-package"], output: .pipe)
        let text = process.readOutput()
        process.waitUntilExit()
        return try Manifest(json: Data(text.utf8))
    }

    private init(json: Data) throws {
        struct Package: Decodable {
            struct Target: Decodable {
                var name: String
                var type: String
                var path: String
                var dependencies: [Dependency]
            }
            struct Dependency: Decodable {
                /// The name, and a condition that no target of this package has.
                var byName: [String?]
            }
            var targets: [Target]
        }
        let package = try JSONDecoder().decode(Package.self, from: json)
        targets = Dictionary(
            uniqueKeysWithValues: package.targets.map { target in
                let dependencies = target.dependencies.compactMap { $0.byName.first ?? nil }
                return (target.name, Target(kind: target.type, path: target.path, dependencies: dependencies))
            })
    }
}
