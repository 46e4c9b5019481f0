import Generations
import Processes
import Queues
import Synchronization

/// Sees to it that a receiver that answers slowly, or not at all, keeps only a few of the senders waiting.
final class DeliveryHosts: Sendable {
    private let limit: Int
    private let sending = Mutex<[String: Int]>([:])
    // Two senders that claimed at the same time could both take a host's last place.
    private let semaphore = FairSemaphore(places: 1)

    /// - Parameter limit: How many deliveries are sent to one host at once.
    init(limit: Int) { self.limit = max(1, limit) }

    /// Claims something to send, and takes a place of its host.
    ///
    /// - Parameter claim: Is told the hosts that have no place left.
    func claim(
        _ claim: (_ full: Set<String>) async throws -> WebhookDelivery?
    ) async throws -> WebhookDelivery? {
        try await semaphore.pass {
            let full = sending.withLock { sending in Set(sending.filter { $0.value >= limit }.keys) }
            guard let claimed = try await claim(full) else { return nil }
            sending.withLock { $0[claimed.host, default: 0] += 1 }
            return claimed
        }
    }

    /// Gives a place back.
    func leave(_ host: String) {
        sending.withLock { sending in
            let rest = sending[host, default: 1] - 1
            sending[host] = rest > 0 ? rest : nil
        }
    }
}
