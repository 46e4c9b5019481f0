import Foundation
import Generations
import HTTP
import Queues
import Synchronization
import Text
import Time

/// Sends requests to a bucket, signed, and again where they fail in passing. What the service says about the clock and the
/// region is taken up.
final class S3Client: Sendable {
    let configuration: S3Configuration
    private let http: HTTPClient
    private let places: FairSemaphore
    private let source: S3CredentialSource
    private let learned: Mutex<Learned>

    /// What answers have taught.
    private struct Learned {
        var region: String
        /// How far the service's clock is ahead of this machine's.
        var clockLead = Duration.zero
    }

    /// Clocks may differ by this much: a third of what S3 bears.
    private static let toleratedLead = Duration.seconds(300)
    /// The slowest transfers that are waited for, in bytes per second.
    private static let slowestRate = 65_536.0

    init(_ configuration: S3Configuration) {
        self.configuration = configuration
        var settings = HTTPClientConfiguration()
        // The operator has configured the endpoint, which may lie anywhere.
        settings.network = .unrestricted
        settings.maximumRedirects = 0
        // Each request has its own limit.
        settings.maximumBytes = .max
        http = HTTPClient(settings, keepsConnections: true)
        places = FairSemaphore(places: max(1, configuration.simultaneousTransfers))
        source = S3CredentialSource(configuration)
        learned = Mutex(Learned(region: configuration.firstRegion))
    }

    /// Sends a request until it is answered.
    ///
    /// - Throws: `S3Failure` for an answer that says no; `HTTPClientError` where none came; `S3Problem` without credentials.
    func send(_ request: S3Request, retries: S3Retries? = nil) async throws -> HTTPClientResponse {
        let retries = retries ?? configuration.retries
        let start = MonotonicTime.now()
        var (attempts, corrections) = (0, 0)
        while true {
            var retryAfter: Duration?
            let problem: any Error
            do {
                let credentials = try await source.current()
                // What is signed is not to wait for its turn.
                let (response, signature) = try await places.pass {
                    let signature = signing(with: credentials)
                    return (try await transfer(request, signature), signature)
                }
                guard let failure = S3Failure(response, mayFailLate: request.isSlow),
                    !request.expected.contains(failure.status)
                else { return response }
                // Each of these helps once, or not at all.
                if corrections < 3, await correct(failure, response, signature) {
                    corrections += 1
                    continue
                }
                guard failure.isTransient else { throw failure }
                (problem, retryAfter) = (failure, response.retryAfter)
            } catch let error as HTTPClientError {
                guard [.unreachable, .timedOut, .tooSlow, .endedEarly].contains(error.code) else { throw error }
                problem = error
            }
            attempts += 1
            let elapsed = Duration.nanoseconds(MonotonicTime.now().nanoseconds - start.nanoseconds)
            guard
                let wait = retries.wait(
                    attempts: attempts, elapsed: elapsed, retryAfter: retryAfter, random: .random(in: 0...1))
            else { throw problem }
            try await Task.sleep(for: wait)
        }
    }

    /// An address by which anybody gets an object for a while.
    ///
    /// - Parameter query: What S3 is to answer with: `response-content-type` and its kin.
    func link(to key: String, validity: Duration, query: [(name: String, value: String)]) async throws -> String {
        let signature = signing(with: try await source.current())
        let base = configuration.address.base(region: signature.region)
        let target = S3Signature.Target(method: "GET", host: base.host, path: "\(base.path)/\(key)", query: query)
        let signed = signature.query(for: target, seconds: min(max(validity.components.seconds, 1), 604_800))
        return "\(base.scheme)://\(base.host)\(S3Signature.encode(path: target.path))?\(signed)"
    }

    /// The service's time of day, as far as it is known.
    func serviceTime() -> Timestamp { configuration.clock.now.advanced(by: learned.withLock { $0.clockLead }) }

    private func signing(with credentials: S3Credentials) -> S3Signature {
        S3Signature(credentials: credentials, region: learned.withLock { $0.region }, moment: serviceTime())
    }

    private func transfer(_ request: S3Request, _ signature: S3Signature) async throws -> HTTPClientResponse {
        let base = configuration.address.base(region: signature.region)
        let target = S3Signature.Target(
            method: request.method.rawValue, host: base.host, path: "\(base.path)/\(request.key)", query: request.query)
        let digest = request.digest ?? Digest.sha256(request.body)
        let fields = signature.fields(for: target, request.headers, payload: digest)
        var headers = HTTPHeaders()
        for (name, value) in fields { headers.add(name, value) }
        let query = request.query.isEmpty ? "" : "?\(S3Signature.encode(request.query))"
        var sent = HTTPClientRequest(
            request.method, "\(base.scheme)://\(base.host)\(S3Signature.encode(path: target.path))\(query)",
            headers: headers, body: request.body.isEmpty && request.method != .put ? .none : .bytes(request.body))
        sent.stallTime = request.isSlow ? configuration.stallTime * 6 : configuration.stallTime
        let received = request.method == .head ? 0 : request.maximumBytes
        let moved = Double(Int64(request.body.count) + received)
        sent.timeout = (sent.stallTime ?? .zero) * 2 + .seconds(moved / Self.slowestRate)
        // An answer that says no has a text of its own.
        return try await http.send(sent, maximumBytes: max(request.maximumBytes, 1 << 20))
    }

    /// Takes up what a refusal says about the clock, the region or the credentials; whether it makes sense to send again. What
    /// counts is how the refused request was signed: another one may have taught the same meanwhile.
    private func correct(
        _ failure: S3Failure, _ response: HTTPClientResponse, _ signature: S3Signature
    ) async -> Bool {
        // Answers to HEAD have no code, so that the clocks are compared after any refusal.
        if failure.status == 403, let seconds = response.headers["Date"].flatMap(HTTPDate.parse) {
            let there = Timestamp(milliseconds: Int64(seconds) * 1000)
            let difference = abs(there.duration(since: signature.moment).inSeconds)
            if failure.code == "RequestTimeTooSkewed" || difference > Self.toleratedLead.inSeconds {
                learnClock(there)
                return true
            }
        }
        if failure.concernsRegion, let region = failure.region, region != signature.region {
            let isNew = learned.withLock { learned in
                defer { learned.region = region }
                return learned.region != region
            }
            if isNew { report("s3_region_corrected", "The bucket lies in the region \(region).") }
            return true
        }
        let mayHaveEnded = failure.code.isEmpty && signature.credentials.sessionToken != nil
        if failure.concernsCredentials || (mayHaveEnded && [400, 403].contains(failure.status)) {
            await source.forget(signature.credentials)
            return true
        }
        return false
    }

    private func learnClock(_ there: Timestamp) {
        let lead = there.duration(since: configuration.clock.now)
        let isNew = learned.withLock { learned in
            defer { learned.clockLead = lead }
            return abs((lead - learned.clockLead).inSeconds) > Self.toleratedLead.inSeconds
        }
        guard isNew else { return }
        let side = lead > .zero ? "behind" : "ahead of"
        report("s3_clock_corrected", "This machine's clock is \(abs(lead.components.seconds)) s \(side) S3's.")
    }

    private func report(_ code: String, _ sentence: String) {
        configuration.notice(S3Notice(code: code, sentence: sentence))
    }
}
