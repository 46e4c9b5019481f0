import Generations
import Text
import Time

/// Ends a batch whose generations have all ended: writes the file of results, one line each.
struct BatchFinisher: Sendable {
    let parts: WorkerDependencies

    /// Ends the batches that have come to their end; gives how many this worker ended.
    func finishAll() async throws -> Int {
        var count = 0
        for batch in try await parts.store.finishableBatches(limit: 20) where try await finish(batch) { count += 1 }
        return count
    }

    private func finish(_ batch: Batch) async throws -> Bool {
        let writer = try await parts.blobs.makeWriter()
        let result: BlobFacts
        do {
            for line in try await lines(of: batch) { try await writer.write(line) }
            // Two workers that end the same batch write two files; the store keeps the name of one, the other is swept.
            let key = BlobKey(rawValue: "batches/\(batch.id)/\(RandomBytes.uuid()).jsonl")
            result = try await writer.finish(as: key)
        } catch {
            await writer.discard()
            throw error
        }
        guard
            try await parts.store.finishBatch(batch.id, status: .completed, result: result.key, now: parts.clock.now)
        else { return false }
        parts.note("batch_ended", ["batch": .string(batch.id.rawValue)])
        parts.signal.announce(.deliveries)
        return true
    }

    private func lines(of batch: Batch) async throws -> [[UInt8]] {
        let filter = GenerationFilter(organisation: batch.organisation, batch: batch.id)
        var lines: [[UInt8]] = []
        for generation in try await parts.store.generations(filter, after: nil, limit: nil).reversed() {
            let line: JSONValue = [
                "request_id": .string(generation.batchRequestName ?? generation.id.rawValue),
                "response": try await parts.wireForms.generation(generation),
            ]
            lines.append(line.utf8 + [0x0A])
        }
        return lines
    }
}
