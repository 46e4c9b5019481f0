import Foundation
import Generations
import HTTP
import LipSync
import Text

/// `lipsmith remote`: what a server does, ordered and watched from another machine.
enum RemoteCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let events = RemoteEvents(isJSON: arguments.takeFlag("--json"), isQuiet: arguments.takeFlag("--quiet"))
        let server = try server(&arguments, events)
        let work: @Sendable () async throws -> Void
        switch arguments.takePositional() {
        case "submit": work = try RemoteSubmission(&arguments, server, events).run
        case "watch":
            let id = try takeID(&arguments)
            work = { _ = try await RemoteWatch(server: server, events: events).end(of: id) }
        case "report": work = try report(&arguments, server)
        case "download":
            let id = try takeID(&arguments)
            let path = try arguments.takeRequired("--out", "-o")
            work = { try await download(id, to: path, server, events) }
        case "list": work = try RemoteList(&arguments, server, isJSON: events.isJSON).run
        case "cancel":
            let id = try takeID(&arguments)
            work = {
                try await server.send(.post, "/v1/generations/\(id)/cancel", repeats: true)
                events.event("cancelled", ["id": .string(id)])
                events.tell("Cancelled \(id).")
            }
        default:
            throw UsageError(message: "Say `remote submit`, `watch`, `report`, `download`, `list` or `cancel`.")
        }
        try arguments.finish()
        return try finish(work, events)
    }

    /// Runs the work until it ends or the user stops it. What the server has begun goes on then.
    private static func finish(
        _ work: @escaping @Sendable () async throws -> Void, _ events: RemoteEvents
    ) throws -> ExitCode {
        try AsyncCommand.run {
            let task = Task { try await work() }
            let signals = StopSignals { task.cancel() }
            defer { withExtendedLifetime(signals) {} }
            do {
                try await task.value
                return .success
            } catch {
                events.clear()
                let failure = error is CancellationError ? stopped : CommandFailure(error)
                return failure.show(EventWriter(isJSON: events.isJSON))
            }
        }
    }

    private static let stopped = CommandFailure(
        code: "cancelled", message: "Stopped.", suggestion: "What the server has begun goes on.",
        exitCode: .cancelled)

    // MARK: Common options

    private static func server(_ arguments: inout ArgumentReader, _ events: RemoteEvents) throws -> RemoteServer {
        let environment = ProcessInfo.processInfo.environment
        guard let address = try arguments.takeValue("--server") ?? environment["LIPSMITH_SERVER"], !address.isEmpty
        else { throw UsageError(message: "Name the server: --server https://lips.example.com, or LIPSMITH_SERVER.") }
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw UsageError(message: "--server takes an address that begins with http:// or https://.")
        }
        let (key, file) = (try arguments.takeValue("--key"), try arguments.takeValue("--key-file"))
        if key != nil, file != nil { throw UsageError(message: "--key and --key-file exclude each other.") }
        let secret = try key ?? file.map(read) ?? environment["LIPSMITH_KEY"] ?? ""
        guard !secret.isEmpty else {
            throw UsageError(message: "Give the server's key: --key-file FILE, --key KEY, or LIPSMITH_KEY.")
        }
        var base = Substring(address)
        while base.last == "/" { base.removeLast() }
        let patience = try arguments.takeNumber("--patience", in: 0...86_400) ?? 300
        return RemoteServer(base: String(base), key: secret, patience: .seconds(patience), events: events)
    }

    /// The key in a file, or on standard input.
    private static func read(_ path: String) throws -> String {
        let text =
            path == "-"
            ? try SpokenText.standardInput() : try? String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        guard let text else { throw UsageError(message: "The file \(path) of --key-file cannot be read.") }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func takeID(_ arguments: inout ArgumentReader) throws -> String {
        guard let text = arguments.takePositional(), let id = GenerationID(parsing: text) else {
            throw UsageError(message: "Name the generation by its id.")
        }
        return id.rawValue
    }

    // MARK: Small actions

    private static func report(
        _ arguments: inout ArgumentReader, _ server: RemoteServer
    ) throws -> @Sendable () async throws -> Void {
        let id = try takeID(&arguments)
        let path = try arguments.takeValue("--out", "-o")
        return { try await saveReport(of: id, to: path, server) }
    }

    /// Writes the report of a generation: a page where the file's name ends so, else JSON; to standard output without a file.
    static func saveReport(of id: String, to path: String?, _ server: RemoteServer) async throws {
        let isPage = path?.hasSuffix(".html") ?? false
        let bytes = try await server.fetch(.get, "/v1/generations/\(id)/report" + (isPage ? ".html" : "")).bytes
        guard let path else { return Terminal.out(String(decoding: bytes, as: UTF8.self)) }
        do { try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw CommandFailure(
                code: "output_unwritable", message: "The report cannot be written to \(path).",
                suggestion: "Choose another place.", detail: "\(error)")
        }
    }

    /// Saves the video of a generation that has been made.
    static func download(_ id: String, to path: String, _ server: RemoteServer, _ events: RemoteEvents) async throws {
        try OutputPlaces.check([OutputPlaces.Place(path, name: "--out")], inputs: [])
        let generation = try await server.send(.get, "/v1/generations/\(id)", repeats: true)
        guard let url = generation["output"]?["downloadUrl"]?.text else {
            let status = generation["status"]?.text ?? "unknown"
            throw CommandFailure(
                code: "output_missing", message: "The generation has no video: it is \(status).",
                suggestion: "`lipsmith remote watch \(id)` waits for its end.")
        }
        try await server.save(url, to: path)
        events.event("saved", ["id": .string(id), "output": .string(path)])
        events.tell("\(path): saved.")
    }
}
