package import Blobs
import Foundation
import Generations
import HTTP
package import Text

/// A bucket of one test, and how the service treats it.
package struct S3Bucket: Sendable {
    package let service: S3Service
    package let name: String

    /// Makes an empty bucket.
    ///
    /// - Parameter behaviour: How the service behaves there: the fields of `Behaviour` in `s3-service`.
    package init(_ behaviour: [String: JSONValue] = [:]) async throws {
        service = try S3Service.shared.get()
        name = "bucket-\(RandomBytes.uuid())"
        try await control(behaviour.merging(["create": true]) { $1 })
    }

    /// Changes how the service behaves.
    package func control(_ order: [String: JSONValue]) async throws {
        let order = JSONValue.object(order.merging(["bucket": .string(name)]) { $1 })
        _ = try await ask(HTTPClientRequest(.post, "\(service.endpoint)/-/control", body: .bytes(order.utf8)))
    }

    /// What the bucket holds, and how many requests of each method there were.
    package func state() async throws -> (keys: [String], uploads: Int, counts: [String: Int]) {
        let answer = try await ask(HTTPClientRequest(.get, "\(service.endpoint)/-/state?bucket=\(name)"))
        let value = try JSONValue(parsing: answer)
        return (
            value["keys"]?.array?.compactMap(\.text) ?? [], value["uploads"]?.int ?? -1,
            value["counts"]?.object?.compactMapValues(\.int) ?? [:]
        )
    }

    /// A configuration whose waits are short.
    package func configuration(
        _ prefix: String = "kept/here", installation: String = "one", change: (inout S3Configuration) -> Void = { _ in }
    ) throws -> S3Configuration {
        let address = try S3Address(parsing: "s3://\(name)/\(prefix)?endpoint=\(service.endpoint)")
        var configuration = S3Configuration(address: address, installation: installation)
        configuration.credentials = S3Credentials(accessKeyID: "test-key", secretAccessKey: "test-secret")
        configuration.environment = [:]
        configuration.retries.firstWait = .milliseconds(5)
        configuration.retries.longestWait = .milliseconds(100)
        configuration.stallTime = .seconds(4)
        configuration.quarantineTime = .seconds(1000)
        change(&configuration)
        return configuration
    }

    private func ask(_ request: HTTPClientRequest) async throws -> [UInt8] {
        var settings = HTTPClientConfiguration()
        settings.network = .unrestricted
        let response = try await HTTPClient(settings).send(request)
        guard response.status.isSuccess else {
            throw S3Service.Failed(description: "\(request.url): \(response.status)")
        }
        return response.bytes
    }
}
