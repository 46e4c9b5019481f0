import Foundation
import HTTP
import Queues
import Time

/// Finds credentials, keeps them, and gets new ones before they end. Looked for in this order: the configuration, the
/// environment, the shared file, the agent of a container, the metadata service of a machine.
actor S3CredentialSource {
    /// New ones are asked for when the old ones end within this time, in which they still do if asking fails.
    private static let renewalTime = Duration.seconds(300)
    /// While the old ones last, the new ones are not asked for more often than this.
    private static let pauseTime = Duration.seconds(15)

    private let configuration: S3Configuration
    private var known: S3Credentials?
    /// When new ones were asked for last.
    private var lastSearch = Timestamp(milliseconds: 0)
    private var search: Task<S3Credentials, any Error>?

    init(_ configuration: S3Configuration) {
        self.configuration = configuration
    }

    /// Credentials that are good now.
    ///
    /// - Throws: `S3Problem` where there are none; `HTTPClientError` where the service that has them does not answer.
    func current() async throws -> S3Credentials {
        let now = configuration.clock.now
        if let known {
            guard let end = known.expiresAt, now.advanced(by: Self.renewalTime) >= end else { return known }
            let isPausing = (lastSearch...lastSearch.advanced(by: Self.pauseTime)).contains(now)
            if now < end, isPausing { return known }
        }
        lastSearch = now
        do { return try await renew() } catch {
            if let known, let end = known.expiresAt, now < end { return known }
            throw error
        }
    }

    /// Forgets credentials that the service has refused, unless others are known by now.
    func forget(_ credentials: S3Credentials) {
        if known == credentials { known = nil }
    }

    /// Whoever needs them meanwhile waits for the same search.
    private func renew() async throws -> S3Credentials {
        let task = search ?? Task { [configuration] in try await Self.find(configuration) }
        search = task
        defer { search = nil }
        let found = try await task.value
        known = found
        return found
    }

    private static func find(_ configuration: S3Configuration) async throws -> S3Credentials {
        let environment = configuration.environment
        if let given = configuration.credentials ?? S3Credentials(environment: environment) { return given }
        if let shared = try await sharedFile(environment) { return shared }
        if let url = try containerURL(environment) {
            var headers: HTTPHeaders = [:]
            headers["Authorization"] = try await containerToken(environment)
            return try await ask(url, headers)
        }
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { throw missing }
        return try await machine(configuration.metadataURL)
    }

    private static func sharedFile(_ environment: [String: String]) async throws -> S3Credentials? {
        let named = environment["AWS_SHARED_CREDENTIALS_FILE"]
        let profile = environment["AWS_PROFILE"] ?? "default"
        guard let path = named ?? environment["HOME"].map({ "\($0)/.aws/credentials" }) else { return nil }
        let text = try? await BlockingWork.run { try String(contentsOfFile: path, encoding: .utf8) }
        if let text, let found = S3Credentials(sharedFile: text, profile: profile) { return found }
        // Somebody has asked for this file or this profile; anything else would be a surprise.
        guard named == nil, environment["AWS_PROFILE"] == nil else {
            throw S3Problem(.credentialsMissing, "The file \(path) has no key for the profile \"\(profile)\".")
        }
        return nil
    }

    private static func containerURL(_ environment: [String: String]) throws -> String? {
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], path.hasPrefix("/") {
            return "http://169.254.170.2\(path)"
        }
        return environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    }

    private static func containerToken(_ environment: [String: String]) async throws -> String? {
        guard let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] else {
            return environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        }
        return try await BlockingWork.run {
            try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Asks the metadata service in its second version: a token first, then the name of the machine's role, then its keys.
    private static func machine(_ url: String) async throws -> S3Credentials {
        let token = try await answer(
            HTTPClientRequest(
                .put, "\(url)/latest/api/token", headers: ["X-aws-ec2-metadata-token-ttl-seconds": "300"]))
        let headers: HTTPHeaders = ["X-aws-ec2-metadata-token": String(decoding: token, as: UTF8.self)]
        let roles = "\(url)/latest/meta-data/iam/security-credentials/"
        let names = String(decoding: try await answer(HTTPClientRequest(.get, roles, headers: headers)), as: UTF8.self)
        guard let role = names.split(whereSeparator: \.isNewline).first else { throw missing }
        return try await ask(roles + role, headers)
    }

    private static func ask(_ url: String, _ headers: HTTPHeaders) async throws -> S3Credentials {
        guard let found = S3Credentials(metadata: try await answer(HTTPClientRequest(.get, url, headers: headers)))
        else { throw missing }
        return found
    }

    private static func answer(_ request: HTTPClientRequest) async throws -> [UInt8] {
        var settings = HTTPClientConfiguration()
        // The address that is asked and no other: an answer must not lead anywhere else.
        let host = URLComponents(string: request.url)?.host ?? ""
        settings.network = NetworkPolicy(allowing: NetworkRange(host).map { [$0] } ?? [], ports: nil)
        settings.maximumRedirects = 0
        settings.connectTimeout = .seconds(2)
        settings.totalTimeout = .seconds(5)
        do {
            let response = try await HTTPClient(settings).send(request, maximumBytes: 1 << 16)
            guard response.status.isSuccess else { throw missing }
            return response.bytes
        } catch let error as HTTPClientError {
            // Outside of clouds nothing has this address.
            if error.code == .unreachable || error.code == .refusedAddress { throw missing }
            throw error
        }
    }

    private static let missing = S3Problem(
        .credentialsMissing,
        "There is no key for the bucket: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor a shared file, nor a role "
            + "of the container or the machine.")
}
