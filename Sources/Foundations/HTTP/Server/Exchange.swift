import CMicrohttpd
import Foundation
import Synchronization
import Time

/// One request and its answer, between libmicrohttpd's threads, the handler's task and the watchdog.
///
/// All of them meet under one lock. A connection is suspended only inside the library's callbacks and resumed only
/// under the lock, so that a resume can neither come before its suspend nor after the connection's end.
final class Exchange: Sendable {
    /// The library's handle; used under the lock and while the request runs only.
    struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    struct State {
        var connection: Handle?
        var isSuspended = false
        var isAborted = false

        var incoming = ChunkQueue()
        var receivedBytes: Int64 = 0
        var bodyIsComplete: Bool
        var bodyFailure: HTTPError?
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var bodyDeadline = MonotonicTime.never

        var answer: HTTPResponse?
        var failureDetail = ""
        /// The rest of the body is read and thrown away before the answer goes out.
        var isDraining = false
        /// The answer was written past the library; the client has until then to read it and leave.
        var lingerDeadline: MonotonicTime?
        /// The answer may be written past the library from then on; before, the library may be writing "100 Continue".
        var earlyAnswerTime: MonotonicTime?

        var outgoing = ChunkQueue()
        var outgoingIsComplete = false
        var outgoingFailed = false
        var writer: CheckedContinuation<Void, any Error>?
        var sentBytes: Int64 = 0

        var task: Task<Void, Never>?
        var handlerDeadline = MonotonicTime.never
        /// The deadline has passed without an answer of the handler.
        var isLate = false
    }

    /// What the connection's thread does next.
    enum Step {
        case answer(HTTPResponse)
        case wait
        case close
    }

    /// With more unread or unsent bytes than this the other side waits; with less than half of it, it goes on.
    static let highWater = 262_144
    /// Up to this many remaining bytes of a body are read and dropped, so that the connection can be kept.
    static let drainLimit: Int64 = 262_144
    /// How long a client may take to read a response that was sent before the end of its body. Unmeasured.
    static let lingerTime = Duration.seconds(2)

    let server: ServerCore
    let id: String
    let method: HTTPMethod
    let target: String
    let peerAddress: String
    let route: HTTPRoute?
    let socket: Int32
    let announcedBytes: Int64?
    let maximumBodyBytes: Int64
    let expectsContinue: Bool
    /// What every answer has beside its own fields, so that pages of other origins can read it.
    let crossOriginFields: HTTPHeaders
    let began = MonotonicTime.now()
    let state: Mutex<State>

    /// - Parameter announcedBytes: `nil` if the body comes in chunks.
    init(
        server: ServerCore, connection: OpaquePointer, id: String, method: HTTPMethod, target: String,
        peerAddress: String, route: HTTPRoute?, announcedBytes: Int64?, expectsContinue: Bool,
        crossOriginFields: HTTPHeaders
    ) {
        self.crossOriginFields = crossOriginFields
        self.server = server
        self.id = id
        self.method = method
        self.target = target
        self.peerAddress = peerAddress
        self.route = route
        self.announcedBytes = announcedBytes
        self.expectsContinue = expectsContinue
        socket = lipsmith_microhttpd_socket(connection)
        maximumBodyBytes = route?.options.maximumBodyBytes ?? server.configuration.maximumBodyBytes
        var initial = State(bodyIsComplete: announcedBytes == 0)
        initial.connection = Handle(pointer: connection)
        if announcedBytes != 0 { initial.bodyDeadline = began + server.configuration.bodyGrace }
        if let deadline = route?.options.deadline { initial.handlerDeadline = began + deadline }
        state = Mutex(initial)
    }

    /// Starts the handler's task, on this thread until it first waits and on the shared pool from then on. A handler
    /// that never waits thus costs no change of threads, which would double the cost of a request.
    func start(_ request: HTTPRequest, _ handler: @escaping HTTPHandler) {
        let task = Task.immediate { await self.run(request, handler) }
        let isGivenUp = state.withLock { state in
            state.task = task
            return state.isAborted || state.isLate
        }
        // If the request was aborted before there was a task, the task has not been cancelled yet.
        if isGivenUp { task.cancel() }
    }

    private func run(_ request: HTTPRequest, _ handler: HTTPHandler) async {
        let response: HTTPResponse
        do {
            response = try await handler(request)
        } catch let error as any HTTPErrorConvertible {
            answer(error.httpError)
            return
        } catch {
            answer(
                HTTPError(
                    .internalServerError, "internal_error", "Something went wrong on our side.",
                    detail: String(reflecting: error)))
            return
        }
        if let refusal = Preconditions.refusal(of: response, to: request) {
            answer(refusal)
            return
        }
        guard answer(response), case .stream(_, let producer) = response.content, method != .head else { return }
        do {
            try await producer(HTTPBodyWriter { try await self.write($0) })
            finishWriting(failed: false)
        } catch {
            finishWriting(failed: true, detail: String(reflecting: error))
        }
    }

    // MARK: Answering

    func answer(_ error: HTTPError) {
        var response = error.response ?? server.configuration.renderError(error, target, id)
        for (name, value) in error.headers { response.headers[name] = value }
        answer(response, detail: error.detail)
    }

    /// Gives the answer; the first one counts.
    @discardableResult
    func answer(_ response: HTTPResponse, detail: String = "") -> Bool {
        var response = response
        for (name, value) in crossOriginFields { response.headers[name] = value }
        return state.withLock { state in
            guard state.connection != nil, state.answer == nil else { return false }
            state.answer = response
            state.failureDetail = detail
            state.handlerDeadline = .never
            if !state.bodyIsComplete { answerEarly(&state, response) }
            wake(&state)
            return true
        }
    }

    /// The library takes an answer only after the whole body. A short rest is drained; before a long one a small answer
    /// is written to the socket directly, which then is of no other use.
    private func answerEarly(_ state: inout State, _ response: HTTPResponse) {
        let remaining = announcedBytes.map { $0 - state.receivedBytes } ?? .max
        if case .bytes(let bytes) = response.content, bytes.count <= 65_536,
            remaining > Self.drainLimit || state.bodyFailure != nil
        {
            if expectsContinue, state.receivedBytes == 0 {
                state.earlyAnswerTime = MonotonicTime.now() + .milliseconds(100)
            } else {
                writeEarly(&state)
            }
        } else {
            state.isDraining = true
            state.incoming.removeAll()
        }
    }

    private func writeEarly(_ state: inout State) {
        guard let response = state.answer, state.lingerDeadline == nil else { return }
        let sent = ResponseWriter.write(response, requestID: id, hasBody: method != .head, to: socket)
        state.sentBytes = Int64(max(sent, 0))
        state.lingerDeadline = MonotonicTime.now() + Self.lingerTime
        state.incoming.removeAll()
    }

    /// Whether the library is reading chunks of its body, or what follows them.
    var takesChunks: Bool {
        announcedBytes == nil && state.withLock { $0.connection != nil && !$0.isSuspended && !$0.bodyIsComplete }
    }

    /// Ends the request with an error before the library does, on its thread. An answer that waits for the body's end
    /// goes out now.
    func refuse(_ error: HTTPError) {
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var task: Task<Void, Never>?
        let response = server.configuration.renderError(error, target, id)
        state.withLock { state in
            guard state.connection != nil, !state.isAborted else { return }
            if state.answer == nil { state.answer = response }
            state.bodyFailure = error
            state.handlerDeadline = .never
            if case .bytes = state.answer?.content { writeEarly(&state) }
            swap(&reader, &state.reader)
            task = state.task
        }
        ResponseWriter.discardInput(of: socket)
        reader?.resume(throwing: error)
        task?.cancel()
    }

    // MARK: Called by the connection's thread

    /// Takes bytes of the body; false leaves them with the library, and the connection suspended.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var result: Result<[UInt8]?, any Error> = .success(nil)
        let isTaken = state.withLock { state in
            if state.isAborted { return true }
            if state.answer != nil, state.isDraining || state.lingerDeadline != nil {
                count(&state, bytes.count)
                return true
            }
            if state.bodyFailure != nil || state.answer != nil || state.incoming.byteCount >= Self.highWater {
                suspend(&state)
                return false
            }
            guard state.receivedBytes + Int64(bytes.count) <= maximumBodyBytes else {
                let failure = HTTPError.bodyTooLarge(limit: maximumBodyBytes)
                state.bodyFailure = failure
                result = .failure(failure)
                swap(&reader, &state.reader)
                suspend(&state)
                return false
            }
            count(&state, bytes.count)
            state.incoming.append(bytes)
            if state.reader != nil {
                swap(&reader, &state.reader)
                result = .success(state.incoming.popFirst())
            }
            return true
        }
        reader?.resume(with: result)
        return isTaken
    }

    private func count(_ state: inout State, _ bytes: Int) {
        state.receivedBytes += Int64(bytes)
        let rate = max(server.configuration.minimumBodyBytesPerSecond, 1)
        let credit = state.bodyDeadline + .nanoseconds(Int64(bytes) * 1_000_000_000 / Int64(rate))
        state.bodyDeadline = min(credit, MonotonicTime.now() + server.configuration.bodyGrace)
    }

    /// The whole request is here; also called again whenever the connection was resumed after that.
    func requestIsComplete() -> Step {
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        let step: Step = state.withLock { state in
            state.bodyDeadline = .never
            state.bodyIsComplete = true
            swap(&reader, &state.reader)
            if state.isAborted || state.lingerDeadline != nil { return .close }
            state.earlyAnswerTime = nil
            if let answer = state.answer { return .answer(answer) }
            suspend(&state)
            return .wait
        }
        reader?.resume(returning: nil)
        return step
    }

    /// Fills the library's buffer from what the producer wrote.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        var writer: CheckedContinuation<Void, any Error>?
        let count: Int = state.withLock { state in
            if state.isAborted { return lipsmith_microhttpd_end_with_error }
            let moved = state.outgoing.move(into: buffer)
            if state.outgoing.byteCount < Self.highWater / 2 { swap(&writer, &state.writer) }
            if moved > 0 {
                state.sentBytes += Int64(moved)
                return moved
            }
            if state.outgoingFailed { return lipsmith_microhttpd_end_with_error }
            if state.outgoingIsComplete { return lipsmith_microhttpd_end_of_stream }
            suspend(&state)
            return 0
        }
        writer?.resume()
        return count
    }

    /// The library is done with the request: everything that still waits is let go.
    func end(isComplete: Bool) {
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var writer: CheckedContinuation<Void, any Error>?
        var task: Task<Void, Never>?
        let final = state.withLock { state in
            state.connection = nil
            swap(&reader, &state.reader)
            swap(&writer, &state.writer)
            swap(&task, &state.task)
            state.incoming.removeAll()
            state.outgoing.removeAll()
            let final = state
            // A producer may hold its request, whose body holds this exchange: a reference cycle.
            state.answer = nil
            return final
        }
        reader?.resume(throwing: HTTPConnectionClosed())
        writer?.resume(throwing: HTTPConnectionClosed())
        let isDone = isComplete && !final.isAborted || final.lingerDeadline != nil
        if !isDone { task?.cancel() }
        server.record(self, final, isDone: isDone)
    }

    // MARK: Suspending

    /// Only inside a callback of this connection.
    private func suspend(_ state: inout State) {
        guard let connection = state.connection, !state.isSuspended else { return }
        state.isSuspended = true
        MHD_suspend_connection(connection.pointer)
    }

    func wake(_ state: inout State) {
        guard let connection = state.connection, state.isSuspended else { return }
        state.isSuspended = false
        if !state.bodyIsComplete { state.bodyDeadline = MonotonicTime.now() + server.configuration.bodyGrace }
        MHD_resume_connection(connection.pointer)
    }

    /// The watchdog's look: executes what is due and says whether the socket has to be shut down.
    func watch(_ now: MonotonicTime) -> Bool {
        // Taken before the answer, since the request may be over, and its task let go, right after it.
        var task: Task<Void, Never>?
        var isLate = false
        let mustClose = state.withLock { state in
            if let time = state.earlyAnswerTime, time <= now, !state.bodyIsComplete {
                state.earlyAnswerTime = nil
                writeEarly(&state)
                wake(&state)
            }
            if let linger = state.lingerDeadline { return linger <= now }
            isLate = state.handlerDeadline <= now && state.answer == nil
            if isLate {
                state.isLate = true
                task = state.task
            }
            return !state.isSuspended && !state.bodyIsComplete && state.bodyDeadline <= now
        }
        if isLate {
            answer(HTTPError(.serviceUnavailable, "deadline_exceeded", "The request took too long."))
            task?.cancel()
        }
        return mustClose
    }

    /// Whether the connection waits for its handler or its producer, so that its socket is not watched.
    var isUnwatched: Bool { state.withLock { $0.isSuspended && $0.bodyIsComplete } }

    /// Gives the request up: the handler is cancelled, the connection closed.
    func abort() {
        var reader: CheckedContinuation<[UInt8]?, any Error>?
        var writer: CheckedContinuation<Void, any Error>?
        var task: Task<Void, Never>?
        state.withLock { state in
            guard state.connection != nil else { return }
            state.isAborted = true
            swap(&reader, &state.reader)
            swap(&writer, &state.writer)
            task = state.task
            wake(&state)
        }
        reader?.resume(throwing: HTTPConnectionClosed())
        writer?.resume(throwing: HTTPConnectionClosed())
        task?.cancel()
    }
}
