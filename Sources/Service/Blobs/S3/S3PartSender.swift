import Generations

/// The parts of one upload, sent one after the other while the next one is gathered. Calls must not overlap.
actor S3PartSender {
    private let client: S3Client
    private let key: String
    private var upload: S3Upload?
    private var sending: Task<S3Part, any Error>?
    /// The bytes of the part that is on its way.
    private var sent: [UInt8] = []
    private var parts: [S3Part] = []
    private var count = 0
    private var byteCount: Int64 = 0

    init(_ client: S3Client, key: String) {
        self.client = client
        self.key = key
    }

    deinit {
        // Neither completed nor dropped: whoever sent the bytes has gone.
        guard let upload else { return }
        Task { [client, sending] in
            _ = await sending?.result
            try? await client.abort(upload)
        }
    }

    /// Adds a part; waits for the one before it.
    ///
    /// - Returns: An empty array in the memory of that one: parts are large, and what is freed and asked for again by other
    ///   threads leaves the allocator with several times as much.
    @discardableResult
    func add(_ bytes: [UInt8]) async throws -> [UInt8] {
        var free = try await settle()
        let upload = try await begun()
        guard count < S3PartPlan.maximumCount else {
            throw StoreError(code: .full, detail: "\(key) is too large for S3")
        }
        count += 1
        byteCount += Int64(bytes.count)
        sent = bytes
        sending = Task { [client, count] in try await client.put(bytes, part: count, of: upload) }
        free.removeAll(keepingCapacity: true)
        return free
    }

    /// Makes the object.
    func complete() async throws {
        _ = try await settle()
        try await client.complete(try await begun(), parts, byteCount: byteCount)
        upload = nil
    }

    /// Drops the parts. What cannot be reached now is dropped by a sweep.
    func abort() async {
        // A part that arrives after the end would stay, so that the last one is waited for.
        _ = await sending?.result
        guard let upload else { return }
        self.upload = nil
        try? await client.abort(upload)
    }

    private func begun() async throws -> S3Upload {
        if let upload { return upload }
        let begun = try await client.begin(key)
        upload = begun
        return begun
    }

    /// Waits for the part that is on its way, and gives its bytes.
    private func settle() async throws -> [UInt8] {
        guard let task = sending else { return [] }
        let part = try await task.value
        sending = nil
        parts.append(part)
        defer { sent = [] }
        return sent
    }
}
