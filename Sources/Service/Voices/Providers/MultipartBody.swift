import Foundation
import Generations
import Queues

/// Writes a multipart form with a file to disk, so that it can be sent without being held in memory.
enum MultipartBody {
    /// Writes the form.
    ///
    /// - Parameters:
    ///   - fields: Names and values, in order.
    ///   - file: The form's only file.
    ///   - target: A file that does not exist.
    /// - Returns: The form's content type.
    /// - Throws: `GenerationError` of code `generation_infra_storage_error`.
    static func write(
        _ fields: [(String, String)], file: (name: String, path: String, fileName: String, type: String),
        to target: String
    ) async throws -> String {
        try await BlockingWork.run { try writeNow(fields, file: file, to: target) }
    }

    private static func writeNow(
        _ fields: [(String, String)], file: (name: String, path: String, fileName: String, type: String),
        to target: String
    ) throws -> String {
        let boundary = "lipsmith-\(RandomBytes.uuid())"
        do {
            guard FileManager.default.createFile(atPath: target, contents: nil) else {
                throw GenerationError(.storageFailed, detail: target)
            }
            let output = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
            defer { try? output.close() }
            func write(_ text: String) throws { try output.write(contentsOf: Data(text.utf8)) }
            for (name, value) in fields {
                try write("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
            }
            try write(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.name)\"; "
                    + "filename=\"\(file.fileName)\"\r\nContent-Type: \(file.type)\r\n\r\n")
            let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: file.path))
            defer { try? input.close() }
            while let block = try input.read(upToCount: 1 << 20), !block.isEmpty { try output.write(contentsOf: block) }
            try write("\r\n--\(boundary)--\r\n")
        } catch let error as GenerationError {
            throw error
        } catch {
            throw GenerationError(.storageFailed, detail: "\(error)")
        }
        return "multipart/form-data; boundary=\(boundary)"
    }
}
