import Generations
import HTTP
import LipSync
import Text

/// `lipsmith remote submit`: sends the files, orders, and if wanted waits for the end.
struct RemoteSubmission: Sendable {
    private let server: RemoteServer
    private let events: RemoteEvents
    private let order: RemoteOrder
    private let isDry: Bool
    private let waits: Bool
    private let outputPath: String?
    private let reportPath: String?

    /// Takes the options.
    init(_ arguments: inout ArgumentReader, _ server: RemoteServer, _ events: RemoteEvents) throws {
        self.server = server
        self.events = events
        order = try RemoteOrder(&arguments)
        isDry = arguments.takeFlag("--dry-run")
        outputPath = try arguments.takeValue("--out", "-o")
        reportPath = try arguments.takeValue("--report")
        waits = arguments.takeFlag("--watch") || outputPath != nil || reportPath != nil
        if isDry, waits { throw UsageError(message: "--dry-run orders nothing that could be waited for.") }
    }

    /// Does it all.
    func run() async throws {
        if let outputPath {
            // Better now than after the render.
            try OutputPlaces.check(
                [OutputPlaces.Place(outputPath, name: "--out")],
                inputs: order.media.filter { !$0.isAddress }.map(\.place))
        }
        let body = try await body()
        if isDry {
            let answer = try await server.send(
                .post, "/v1/generations?dryRun=true", json: body, repeats: true)
            events.event("valid", answer.object ?? [:])
            let estimate = answer["estimateSeconds"]?.double.map { render in
                ", in about \(Int((render + (answer["queueSeconds"]?.double ?? 0)).rounded(.up))) s"
            }
            return events.tell(
                "The order is valid: \(answer["outputSeconds"]?.serialized ?? "?") s of video\(estimate ?? "").")
        }
        // By the key a repeated order is the same one.
        let generation = try await server.send(
            .post, "/v1/generations", json: body, headers: ["Idempotency-Key": RandomBytes.uuid()], repeats: true)
        guard let id = generation["id"]?.text else {
            throw CommandFailure(
                code: "server_answer_unreadable", message: "The server's answer names no generation.",
                suggestion: "Check --server.")
        }
        events.clear()
        events.event("submitted", ["id": .string(id)])
        // The name alone, so that a script can take it as it is.
        if !events.isJSON { Terminal.out(id) }
        guard waits else { return }
        _ = try await RemoteWatch(server: server, events: events).end(of: id)
        if let outputPath { try await RemoteCommand.download(id, to: outputPath, server, events) }
        if let reportPath { try await RemoteCommand.saveReport(of: id, to: reportPath, server) }
    }

    /// The order, with an asset for each file.
    private func body() async throws -> JSONValue {
        var members = order.members
        for medium in order.media {
            if medium.isAddress {
                members[medium.field] = ["url": .string(medium.place)]
                continue
            }
            let asset = try await RemoteUpload(server: server, path: medium.place).run { sent, all in
                events.upload(medium.place, sent: sent, all: all)
            }
            members[medium.field] = ["asset": .string(asset)]
        }
        if var text = members["text"]?.object, text["voice"] == nil {
            let voice = try await server.send(.get, "/v1/choices", repeats: true)["defaultVoice"]?.text
            guard let voice else {
                throw UsageError(message: "The server speaks no texts by itself; give --voice or --audio.")
            }
            text["voice"] = .string(voice)
            members["text"] = .object(text)
        }
        return .object(members)
    }
}
