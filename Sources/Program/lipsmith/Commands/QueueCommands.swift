import Foundation
import Generations
import Server
import SyncAPI
import Time

/// `lipsmith jobs`: what the queue holds and how the newest jobs ended; cancelling one; what is kept.
enum JobsCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let administration = try OperatorArguments.open(folder: arguments.takeValue("--data"))
        let isJSON = arguments.takeFlag("--json")
        if arguments.takeFlag("--storage") { return try storage(administration, &arguments, isJSON: isJSON) }
        let limit = try arguments.takeNumber("--limit", in: 1...10_000)
        let status = try arguments.takeChoice("--status", GenerationStatus.allCases.map { ($0.rawValue, $0) })
        switch arguments.takePositional() {
        case nil: break
        case "cancel" where limit == nil && status == nil: return try cancel(administration, &arguments)
        case let action?:
            throw UsageError(message: "“\(action)” is not understood here; say `jobs` or `jobs cancel ID`.")
        }
        try arguments.finish()
        let statuses = status.map { Set([$0]) } ?? []
        let (generations, counts) = try AsyncCommand.run {
            (
                try await administration.generations(statuses: statuses, limit: limit ?? 20),
                try await administration.jobCounts()
            )
        }
        if isJSON {
            for generation in generations { Terminal.out(JSONText.line(Row(generation))) }
            return .success
        }
        Terminal.out("\(counts.waiting) waiting, \(counts.running) running")
        guard !generations.isEmpty else { return .success }
        Terminal.out(
            TextTable.render(
                ["ID", "STATUS", "MODEL", "SOURCE", "CREATED", "TOOK", "RESULT"],
                generations.map(Row.init).map { row in
                    [
                        row.id, row.status, row.model, row.source, row.created,
                        row.seconds.map { String(format: "%.1f s", $0) } ?? "–",
                        row.code.map { "\($0): \(row.message ?? "")" }
                            ?? row.outputSeconds.map { String(format: "%.2f s of video", $0) }
                            ?? "\(Int(row.progress * 100)) %",
                    ]
                }))
        return .success
    }

    private static func cancel(
        _ administration: Administration, _ arguments: inout ArgumentReader
    ) throws -> ExitCode {
        guard let id = arguments.takePositional() else { throw UsageError(message: "Name the job to cancel.") }
        try arguments.finish()
        do {
            let ended = try AsyncCommand.run { try await administration.cancel(id) }
            Terminal.out("Cancelled \(ended.id).")
            return .success
        } catch let error as GenerationError {
            Terminal.error("\(SyncError(error).code.rawValue): \(error.message)")
            return .failure
        }
    }

    private static func storage(
        _ administration: Administration, _ arguments: inout ArgumentReader, isJSON: Bool
    ) throws -> ExitCode {
        try arguments.finish()
        let rows = try AsyncCommand.run { try await administration.storage() }
        if isJSON {
            for row in rows { Terminal.out(JSONText.line(row)) }
        } else if rows.isEmpty {
            Terminal.out("Nothing is kept.")
        } else {
            func size(_ bytes: Int64) -> String { String(format: "%.1f MiB", Double(bytes) / 1_048_576) }
            Terminal.out(
                TextTable.render(
                    ["ORGANISATION", "INPUTS", "OUTPUTS", "TOGETHER"],
                    rows.map { [$0.organisation, size($0.inputBytes), size($0.outputBytes), size($0.bytes)] }))
        }
        return .success
    }

    private struct Row: Encodable {
        var id: String
        var status: String
        var model: String
        var source: String
        var created: String
        var seconds: Double?
        var progress: Double
        var code: String?
        var message: String?
        var outputSeconds: Double?

        init(_ generation: Generation) {
            id = generation.id.rawValue
            status = generation.status.rawValue
            model = generation.request.model
            source = generation.source
            created = generation.createdAt.iso8601
            if let start = generation.startedAt, let end = generation.finishedAt {
                seconds = Double(end.milliseconds - start.milliseconds) / 1000
            }
            progress = generation.progress
            code = generation.failure?.syncCode.rawValue
            message = generation.failure?.message
            outputSeconds = generation.output?.durationSeconds
        }
    }
}

/// `lipsmith webhooks`: the newest deliveries and what their receivers answered.
enum WebhooksCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let administration = try OperatorArguments.open(folder: arguments.takeValue("--data"))
        let isJSON = arguments.takeFlag("--json")
        let limit = try arguments.takeNumber("--limit", in: 1...10_000) ?? 20
        try arguments.finish()
        let rows = try AsyncCommand.run {
            let now = administration.steadyTime
            return try await administration.deliveries(limit: limit).map { Row($0, now: now) }
        }
        if isJSON {
            for row in rows { Terminal.out(JSONText.line(row)) }
        } else if rows.isEmpty {
            Terminal.out("No webhook has been ordered.")
        } else {
            Terminal.out(
                TextTable.render(
                    ["ORDERED", "STATUS", "TRIES", "ANSWER", "NEXT", "ABOUT", "ADDRESS"],
                    rows.map { row in
                        [
                            row.ordered, row.status, String(row.tries), row.answer ?? "–", row.next ?? "–",
                            row.generation ?? row.batch ?? "–", row.url,
                        ]
                    }))
        }
        return .success
    }

    private struct Row: Encodable {
        var id: String
        var ordered: String
        var status: String
        var tries: Int
        var answer: String?
        var next: String?
        var generation: String?
        var batch: String?
        var url: String

        /// - Parameter now: In the store's steady time, as the delivery's next try.
        init(_ delivery: WebhookDelivery, now: Timestamp) {
            id = delivery.id.rawValue
            ordered = delivery.createdAt.iso8601
            let life = delivery.lifecycle
            status = life.status.rawValue
            tries = life.attemptCount
            switch life.lastResponse {
            case .status(let number): answer = String(number)
            case .unreachable: answer = "unreachable"
            case nil: answer = nil
            }
            let seconds = max(0, (life.dueAt.milliseconds - now.milliseconds) / 1000)
            next = life.status.isTerminal ? nil : seconds == 0 ? "now" : "in \(seconds) s"
            generation = delivery.generation?.rawValue
            batch = delivery.batch?.rawValue
            url = delivery.url
        }
    }
}
