import Synchronization

/// The handler's side of the two streams.
extension Exchange {
    /// The request's body as the handler reads it.
    var body: HTTPBody { HTTPBody(announcedBytes: announcedBytes) { try await self.nextChunk() } }

    private func nextChunk() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<[UInt8]?, any Error>? = state.withLock { state in
                    if let chunk = state.incoming.popFirst() {
                        if state.incoming.byteCount < Self.highWater / 2, !state.bodyIsComplete { wake(&state) }
                        return .success(chunk)
                    }
                    if let failure = state.bodyFailure { return .failure(failure) }
                    if state.bodyIsComplete, !state.isAborted { return .success(nil) }
                    if state.connection == nil || state.isAborted || state.answer != nil {
                        return .failure(HTTPConnectionClosed())
                    }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    precondition(state.reader == nil, "a body has one reader")
                    state.reader = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(throwing: CancellationError())
        }
    }

    func write(_ bytes: [UInt8]) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.connection == nil || state.isAborted { return .failure(HTTPConnectionClosed()) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.outgoing.append(bytes)
                    if state.bodyIsComplete { wake(&state) }
                    if state.outgoing.byteCount < Self.highWater { return .success(()) }
                    precondition(state.writer == nil, "a response has one writer")
                    state.writer = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let writer = state.withLock { state in
                defer { state.writer = nil }
                return state.writer
            }
            writer?.resume(throwing: CancellationError())
        }
    }

    func finishWriting(failed: Bool, detail: String = "") {
        state.withLock { state in
            state.outgoingIsComplete = true
            state.outgoingFailed = failed
            if !detail.isEmpty { state.failureDetail = detail }
            if state.bodyIsComplete { wake(&state) }
        }
    }
}
