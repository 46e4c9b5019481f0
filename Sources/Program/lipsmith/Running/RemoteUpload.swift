import Foundation
import Generations
import HTTP
import Text

/// Sends a file to a server in pieces, so that a lost connection costs one piece.
struct RemoteUpload: Sendable {
    /// How often in turn a piece may fail.
    private static let failureLimit = 6

    let server: RemoteServer
    let path: String

    /// Sends the file and gives the name of the asset that it became.
    ///
    /// - Parameter onProgress: Called with the bytes that have arrived and with all.
    /// - Throws: `CommandFailure`; `CancellationError`.
    func run(_ onProgress: @Sendable (_ sent: Int64, _ all: Int64) -> Void) async throws -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let file = FileHandle(forReadingAtPath: path), let size = try? file.seekToEnd(), size > 0 else {
            throw unreadable
        }
        let all = Int64(size)
        let upload = try await server.send(
            .post, "/v1/uploads", json: ["name": .string(name), "byteCount": .integer(all)], repeats: true)
        guard let id = upload["id"]?.text else { throw Self.misunderstood }
        var offset = Int64(upload["offset"]?.int ?? 0)
        var failures = 0
        while offset < all {
            onProgress(offset, all)
            do {
                offset = try await send(piece(of: file, at: offset), of: id, at: offset)
                failures = 0
            } catch let failure as CommandFailure
                where ["server_unreachable", "upload-offset-wrong", "server_overloaded"].contains(failure.code)
            {
                failures += 1
                guard failures < Self.failureLimit else { throw failure }
                try await Task.sleep(for: .milliseconds(250 << failures))
                // How much has arrived only the server knows.
                let known = try await server.send(.get, "/v1/uploads/\(id)", repeats: true)
                guard let arrived = known["offset"]?.int else { throw Self.misunderstood }
                offset = Int64(arrived)
            }
        }
        onProgress(all, all)
        let asset = try await server.send(.post, "/v1/uploads/\(id)/asset", repeats: true)
        guard let name = asset["id"]?.text else { throw Self.misunderstood }
        return name
    }

    private func piece(of file: FileHandle, at offset: Int64) throws -> [UInt8] {
        do {
            try file.seek(toOffset: UInt64(offset))
            let piece = try file.read(upToCount: Int(PartialUpload.pieceBytes)) ?? Data()
            // Somebody has shortened the file meanwhile.
            guard !piece.isEmpty else { throw unreadable }
            return Array(piece)
        } catch { throw unreadable }
    }

    /// Sends a piece, and gives where the next one begins.
    private func send(_ piece: [UInt8], of id: String, at offset: Int64) async throws -> Int64 {
        let upload = try await server.send(
            .patch, "/v1/uploads/\(id)", body: .bytes(piece),
            headers: ["Upload-Offset": String(offset), "Content-Type": "application/octet-stream"], repeats: false)
        guard let next = upload["offset"]?.int, next > offset else { throw Self.misunderstood }
        return Int64(next)
    }

    private var unreadable: CommandFailure {
        CommandFailure(
            code: "input_file_unreadable", message: "The file \(path) cannot be read, or is empty.",
            suggestion: "Check the path.")
    }

    private static let misunderstood = CommandFailure(
        code: "server_answer_unreadable", message: "The server does not take files as this program sends them.",
        suggestion: "Use a server and a program of one version.")
}
