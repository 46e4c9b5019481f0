import Foundation
import Generations
import Queues

/// A temporary folder for one task: children read from it and write into its `output`.
struct SpeechFolder: Sendable {
    let path: String

    /// Makes a folder beside a file that is to be made, passes it to `body` and removes it afterwards with its content.
    ///
    /// - Throws: `GenerationError` of code `generation_infra_storage_error` when it cannot be made, and errors of
    ///   `body`.
    static func with<Value>(
        for target: String, isolation: isolated (any Actor)? = #isolation,
        _ body: (SpeechFolder) async throws -> Value
    ) async throws -> Value {
        let folder = SpeechFolder(path: "\(target).\(RandomBytes.uuid().prefix(8)).speech")
        do {
            try await BlockingWork.run { try folder.make() }
            let value = try await body(folder)
            await folder.remove()
            return value
        } catch {
            await folder.remove()
            throw error
        }
    }

    private func make() throws {
        for folder in [path, path + "/output"] where mkdir(folder, 0o700) != 0 {
            throw GenerationError(
                .storageFailed, detail: "mkdir \(folder): \(String(cString: strerror(errno)))")
        }
    }

    private func remove() async { await BlockingWork.run { try? FileManager.default.removeItem(atPath: path) } }

    /// The path of a file in `output`.
    func output(_ name: String) -> String { "\(path)/output/\(name)" }

    /// Makes a file available to children in this folder, by a hard link or a copy, and returns its path.
    func take(_ source: String, as name: String) async throws -> String {
        let target = "\(path)/\(name)"
        return try await BlockingWork.run {
            if link(source, target) == 0 { return target }
            do { try FileManager.default.copyItem(atPath: source, toPath: target) } catch {
                throw GenerationError(.storageFailed, detail: "\(error)")
            }
            return target
        }
    }

    /// Moves a finished file out of the folder.
    func release(_ file: String, to target: String) async throws {
        try await BlockingWork.run {
            guard rename(file, target) == 0 else {
                throw GenerationError(
                    .storageFailed, detail: "rename \(file): \(String(cString: strerror(errno)))")
            }
        }
    }
}
