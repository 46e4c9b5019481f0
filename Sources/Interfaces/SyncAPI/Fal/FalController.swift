import Access
import Generations
import HTTP
import Text
import Time
import WebInterface

/// fal's queue: submits, statuses, results, cancelling.
struct FalController: Sendable {
    /// The name of a request, which one client takes from the header alone.
    static let header = "x-fal-request-id"
    private static let bodyByteLimit = 32 << 20
    /// How long the direct call of a model waits for its end.
    private static let longestWaitSeconds = 600

    let store: any Store
    let intake: GenerationIntake
    let signal: ChangeSignal
    let factory: GenerationFactory
    let jobs: FalJobs
    let inspector: any MediaInspector
    let receiver: UploadReceiver
    let settings: SyncSettings
    let clock: any WallClock

    var endpoints: [Endpoint] {
        let submits = FalModel.all.flatMap { model in
            let path = "/\(FalModel.application)\(model.path)"
            let id = model.path.isEmpty ? "v1" : String(model.path.dropFirst()).replacing("/", with: "_")
            let options = HTTPRouteOptions(maximumBodyBytes: Int64(Self.bodyByteLimit))
            return [
                Endpoint(
                    .post, path, id: "submit_" + id.replacing("-", with: "_"), tag: "Queue", summary: "Order a video.",
                    parameters: [.query("fal_webhook", .address)], body: [.json(.object)],
                    answer: .json(.named("Submitted")), options: options
                ) { call in try await submit(call, model) },
                Endpoint(.post, "/run" + path, summary: "Make a video and wait for it.", options: options) { call in
                    try await run(call, model)
                },
            ]
        }
        // Some programs follow a job below the whole name of its model.
        let follows = ["", "/{version}", "/{version}/{variant}"].flatMap { rest -> [Endpoint] in
            let path = "/\(FalModel.application)\(rest)/requests/{id}"
            let isShown = rest.isEmpty
            return [
                Endpoint(
                    .get, path + "/status", id: isShown ? "getStatus" : nil, tag: "Queue", summary: "How a job stands.",
                    parameters: [.query("logs", .string)], answer: .json(.named("QueueStatus"))
                ) { call in
                    let generation = try await generation(call)
                    return Self.answer(
                        .object(
                            try await jobs.status(
                                generation, showsLogs: Self.showsLogs(call), base: call.base)), generation.id)
                },
                Endpoint(
                    .get, path + "/status/stream", id: isShown ? "streamStatus" : nil, tag: "Queue",
                    summary: "How a job stands, until it has ended.", parameters: [.query("logs", .string)],
                    answer: .media("text/event-stream", EventWriter.schema), handle: stream),
                Endpoint(
                    .get, path, id: isShown ? "getResult" : nil, tag: "Queue", summary: "What a job has made.",
                    answer: .json(.object), handle: result),
                Endpoint(
                    .put, path + "/cancel", id: isShown ? "cancel" : nil, tag: "Queue", summary: "End a job.",
                    statuses: [202], answer: .json(.object(["status": .string])), handle: cancel),
            ]
        }
        return submits + follows
    }

    // MARK: Ordering

    private func order(_ call: Call, _ model: FalModel) async throws -> Generation {
        let reading = try model.read(try await call.members(atMost: Self.bodyByteLimit, takesAnyType: true))
        var assets: [Asset] = []
        do {
            var input: [JSONValue] = []
            for (kind, url, field) in [
                (model.visual, reading.visualURL, model.field), (MediaKind.audio, reading.soundURL, "audio_url"),
            ] {
                if url.hasPrefix("data:") {
                    let asset = try await asset(of: url, kind, field, call)
                    assets.append(asset)
                    input.append(["type": .string(kind.rawValue), "assetId": .string(asset.id.rawValue)])
                } else {
                    input.append(["type": .string(kind.rawValue), "url": .string(url)])
                }
            }
            var members: [String: JSONValue] = [
                "model": .string(reading.model), "input": .array(input), "options": .object(reading.options),
            ]
            if let webhook = call.request.query["fal_webhook"], !webhook.isEmpty {
                members["webhookUrl"] = .string(webhook)
            }
            let body = CreateBody(members, rules: settings.rules)
            let generation = try await factory.generation(of: body, call, known: assets)
            try await intake.check(generation.request, organisation: call.organisation, known: assets)
            return try await intake.accept(
                CreateOrder(generations: [generation], assets: assets), consent: try call.consent()
            ).generations[0]
        } catch {
            await receiver.discard(assets.compactMap(\.blob))
            throw error
        }
    }

    /// The medium that an address holds itself.
    private func asset(of url: String, _ kind: MediaKind, _ field: String, _ call: Call) async throws -> Asset {
        let wrong = RequestError.fields([
            .value(["body", .string(field)], "must be an address, or data in base64.")
        ])
        guard let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64"),
            let bytes = Base64.decode(url[url.index(after: comma)...]),
            Int64(bytes.count) <= settings.formFileByteLimit
        else { throw wrong }
        let blob = try await receiver.receive(HTTPBody(bytes))
        do {
            var asset = Asset(
                organisation: call.organisation, createdAt: clock.now, name: field, kind: kind, origin: .upload,
                blob: blob.key)
            asset.take(try await inspector.facts(of: blob.key, as: kind, field: .named(field)))
            return asset
        } catch {
            await receiver.discard([blob.key])
            throw error
        }
    }

    private func submit(_ call: Call, _ model: FalModel) async throws -> HTTPResponse {
        let generation = try await order(call, model)
        var members = try await jobs.status(generation, showsLogs: false, base: call.base)
        members["status"] = "IN_QUEUE"
        members["queue_position"] = members["queue_position"] ?? 0
        members["gateway_request_id"] = .string(generation.id.rawValue)
        return Self.answer(.object(members), generation.id)
    }

    private func run(_ call: Call, _ model: FalModel) async throws -> HTTPResponse {
        let id = try await order(call, model).id
        let ended = try await GenerationWait(store: store, signal: signal).end(
            of: id, organisation: call.organisation, atMost: .seconds(Self.longestWaitSeconds))
        guard let ended else { throw GenerationError(.generationNotFound) }
        return try outcome(of: ended, call)
    }

    // MARK: Following

    private func generation(_ call: Call) async throws -> Generation {
        guard let id = GenerationID(parsing: call.parameter()),
            let generation = try await store.generation(id, organisation: call.organisation)
        else { throw GenerationError(.generationNotFound, "Request not found.") }
        return generation
    }

    private static func showsLogs(_ call: Call) -> Bool {
        ["true", "1"].contains(call.request.query["logs"]?.lowercased())
    }

    private static func answer(
        _ value: JSONValue, _ id: GenerationID, status: HTTPStatus = .ok
    ) -> HTTPResponse {
        .json(value, status: status, headers: [header: id.rawValue])
    }

    private func result(_ call: Call) async throws -> HTTPResponse { try outcome(of: try await generation(call), call) }

    private func outcome(of generation: Generation, _ call: Call) throws -> HTTPResponse {
        if let failure = generation.failure {
            let error = FalErrors.error(of: failure, field: jobs.visualField(of: generation))
            guard var response = error.response else { throw error }
            response.headers[Self.header] = generation.id.rawValue
            return response
        }
        guard generation.status.isTerminal else {
            let text: JSONValue = "Request is still in progress"
            return Self.answer(["detail": text, "message": text], generation.id, status: .badRequest)
        }
        return Self.answer(jobs.output(generation, base: call.base), generation.id)
    }

    private func stream(_ call: Call) async throws -> HTTPResponse {
        let first = try await generation(call)
        var response = EventWriter.response(to: call) { [store, signal, jobs] writer in
            let observation = signal.observe(.generation(first.id))
            defer { observation.cancel() }
            var shown: JSONValue?
            while let generation = try await store.generation(first.id, organisation: first.organisation) {
                let status = JSONValue.object(
                    try await jobs.status(generation, showsLogs: Self.showsLogs(call), base: call.base))
                if status != shown {
                    try await writer.data(status)
                    shown = status
                }
                if generation.status.isTerminal || signal.isEnded { return }
                try await writer.keepAlive()
                await observation.wait(atMost: min(.seconds(2), writer.untilHeartbeat))
                try Task.checkCancellation()
            }
        }
        response.headers[Self.header] = first.id.rawValue
        return response
    }

    private func cancel(_ call: Call) async throws -> HTTPResponse {
        func answer(_ word: String, _ status: HTTPStatus) -> HTTPResponse {
            .json(["status": .string(word)], status: status, headers: [Self.header: call.parameter()])
        }
        guard let id = GenerationID(parsing: call.parameter()) else { return answer("NOT_FOUND", .notFound) }
        do {
            _ = try await GenerationCancellation(store: store, signal: signal, clock: clock)
                .cancel(id, organisation: call.organisation)
            return answer("CANCELLATION_REQUESTED", .accepted)
        } catch let error as GenerationError where error.code == .generationEnded {
            return answer("ALREADY_COMPLETED", .badRequest)
        } catch let error as GenerationError where error.code == .generationNotFound {
            return answer("NOT_FOUND", .notFound)
        }
    }
}
