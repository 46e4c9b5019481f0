import Foundation
import Generations
import HTTP
import Queues
import Synchronization
import Text
import Time

/// A request to a bucket.
struct S3Request: Sendable {
    var method: HTTPMethod
    /// The whole key; empty for the bucket itself.
    var key: String
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// The SHA-256 digest of the body, where it is known already.
    var digest: [UInt8]?
    /// The largest body of an answer, in bytes.
    var maximumBytes: Int64 = 16 << 20
    /// Whether S3 may work for a while before it answers.
    var isSlow = false
    /// Statuses that are no failure although they are not of the class 2xx.
    var expected: Set<Int> = []

    init(_ method: HTTPMethod, _ key: String = "") {
        self.method = method
        self.key = key
    }
}

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
            let credentials = try await source.current()
            var retryAfter: Duration?
            let problem: any Error
            do {
                let response = try await places.pass { try await transfer(request, credentials) }
                guard let failure = S3Failure(response), !request.expected.contains(failure.status) else {
                    return response
                }
                // Each of these helps once, or not at all.
                if corrections < 3, await correct(failure, response, credentials) {
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
        let credentials = try await source.current()
        let (region, base) = endpoint()
        let target = S3Signature.Target(method: "GET", host: base.host, path: "\(base.path)/\(key)", query: query)
        let signature = S3Signature(credentials: credentials, region: region, moment: serviceTime())
        let signed = signature.query(for: target, seconds: min(max(validity.components.seconds, 1), 604_800))
        return "\(base.scheme)://\(base.host)\(S3Signature.encode(path: target.path))?\(signed)"
    }

    /// The service's time of day, as far as it is known.
    func serviceTime() -> Timestamp { configuration.clock.now.advanced(by: learned.withLock { $0.clockLead }) }

    private func endpoint() -> (region: String, base: (scheme: String, host: String, path: String)) {
        let region = learned.withLock { $0.region }
        return (region, configuration.address.base(region: region))
    }

    private func transfer(_ request: S3Request, _ credentials: S3Credentials) async throws -> HTTPClientResponse {
        let (region, base) = endpoint()
        let target = S3Signature.Target(
            method: request.method.rawValue, host: base.host, path: "\(base.path)/\(request.key)", query: request.query)
        let digest = request.digest ?? Digest.sha256(request.body)
        let fields = S3Signature(credentials: credentials, region: region, moment: serviceTime())
            .fields(for: target, request.headers, payload: digest)
        var headers = HTTPHeaders()
        for (name, value) in fields { headers.add(name, value) }
        let query = request.query.isEmpty ? "" : "?\(S3Signature.encode(request.query))"
        var sent = HTTPClientRequest(
            request.method, "\(base.scheme)://\(base.host)\(S3Signature.encode(path: target.path))\(query)",
            headers: headers, body: request.body.isEmpty && request.method != .put ? .none : .bytes(request.body))
        sent.stallTime = request.isSlow ? configuration.stallTime * 15 : configuration.stallTime
        let received = request.method == .head ? 0 : request.maximumBytes
        let moved = Double(Int64(request.body.count) + received)
        sent.timeout = (sent.stallTime ?? .zero) * 2 + .seconds(moved / Self.slowestRate)
        // An answer that says no has a text of its own.
        return try await http.send(sent, maximumBytes: max(request.maximumBytes, 1 << 20))
    }

    /// Takes up what a refusal says about the clock, the region or the credentials; whether it makes sense to send again.
    private func correct(
        _ failure: S3Failure, _ response: HTTPClientResponse, _ credentials: S3Credentials
    ) async -> Bool {
        // Answers to HEAD have no code, so that the clocks are compared after any refusal.
        if failure.status == 403, let seconds = response.headers["Date"].flatMap(HTTPDate.parse) {
            let there = Timestamp(milliseconds: Int64(seconds) * 1000)
            let difference = there.duration(since: serviceTime())
            if failure.code == "RequestTimeTooSkewed" || abs(difference.inSeconds) > Self.toleratedLead.inSeconds {
                let lead = there.duration(since: configuration.clock.now)
                guard abs(difference.inSeconds) > 1 else { return false }
                learned.withLock { $0.clockLead = lead }
                let side = lead > .zero ? "behind" : "ahead of"
                report("s3_clock_corrected", "This machine's clock is \(abs(lead.components.seconds)) s \(side) S3's.")
                return true
            }
        }
        if failure.concernsRegion, let region = failure.region {
            let isNew = learned.withLock { learned in
                defer { learned.region = region }
                return learned.region != region
            }
            if isNew { report("s3_region_corrected", "The bucket lies in the region \(region).") }
            return isNew
        }
        if failure.concernsCredentials {
            await source.forget(credentials)
            return true
        }
        return false
    }

    private func report(_ code: String, _ sentence: String) {
        configuration.notice(S3Notice(code: code, sentence: sentence))
    }
}

extension StoreError {
    /// The store's error for what a request to S3 threw; cancellations and errors of the store stay what they are.
    static func of(_ error: any Error, _ action: String) -> any Error {
        switch error {
        case let failure as S3Failure:
            let code: Code = failure.isTransient || failure.status == 404 ? .unavailable : .refused
            return StoreError(
                code: code, driverCode: failure.status, detail: "\(action): \(failure.code) \(failure.message)")
        case let error as HTTPClientError: return StoreError(code: .unavailable, detail: "\(action): \(error)")
        case let problem as S3Problem: return StoreError(code: .refused, detail: "\(action): \(problem)")
        default: return error
        }
    }
}
