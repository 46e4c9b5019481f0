import Foundation
import Generations
import HTTP

/// What is looked at before a store is used.
extension S3BlobStore {
    /// How often requests are sent again while a server starts: somebody waits for it.
    private static let openingTime = Duration.seconds(20)

    /// Opens a bucket: looks whether it answers, is there, may be read, listed and written, and belongs to this installation.
    /// The first installation writes its name into it.
    ///
    /// - Throws: `S3Problem`, which says in one sentence what is wrong.
    public static func open(_ configuration: S3Configuration) async throws -> S3BlobStore {
        let client = S3Client(configuration)
        let store = S3BlobStore(configuration, client)
        do { try await store.check() } catch { throw store.problem(error) }
        return store
    }

    private func check() async throws {
        var retries = configuration.retries
        retries.totalTime = min(retries.totalTime, Self.openingTime)
        try await claim(retries)
        _ = try await client.list(keys.files, retries: retries)
    }

    /// Writes the installation's name into the bucket where there is none yet. Of several servers that begin at once, one
    /// writes it and the others read it.
    private func claim(_ retries: S3Retries) async throws {
        if let owner = try await owner(retries) { return try compare(owner) }
        let text = try JSONEncoder().encode(["installation": configuration.installation])
        _ = try await client.putIfAbsent(keys.installation, Array(text), retries: retries)
        // Some services do not know the condition: whoever wrote last has the bucket.
        try compare(try await owner(retries))
    }

    private func compare(_ owner: String?) throws {
        guard owner != configuration.installation else { return }
        throw S3Problem(
            .inUse, "Another installation keeps its files in this bucket under this prefix (\(keys.installation)).")
    }

    private func owner(_ retries: S3Retries) async throws -> String? {
        var request = S3Request(.get, keys.installation)
        request.maximumBytes = 1 << 16
        request.expected = [404]
        let response = try await client.send(request, retries: retries)
        if let failure = S3Failure(response, mayFailLate: false) {
            // `NoSuchKey` is the usual first answer; the bucket may be missing, too.
            guard failure.code == "NoSuchKey" || failure.code.isEmpty else { throw failure }
            return nil
        }
        return (try? JSONDecoder().decode([String: String].self, from: Data(response.bytes)))?["installation"] ?? ""
    }

    private func problem(_ error: any Error) -> any Error {
        let bucket = configuration.address.bucket
        let service = configuration.address.endpoint ?? "Amazon S3"
        switch error {
        case let failure as S3Failure:
            switch failure.code {
            case "NoSuchBucket": return S3Problem(.bucketMissing, "There is no bucket \"\(bucket)\" at \(service).")
            case "RequestTimeTooSkewed":
                return S3Problem(.clockWrong, "\(service) refuses this machine's time of day, corrected or not.")
            case "InvalidAccessKeyId", "SignatureDoesNotMatch":
                return S3Problem(
                    .accessDenied, "\(service) does not know the access key, or its secret is another one.")
            default: break
            }
            if failure.concernsRegion {
                let named = failure.region ?? configuration.firstRegion
                return S3Problem(.regionWrong, "The bucket \"\(bucket)\" does not lie in the region \(named).")
            }
            if failure.status == 403 || failure.status == 401 {
                return S3Problem(
                    .accessDenied,
                    "The access key may not list, read and write the bucket \"\(bucket)\" (\(failure.code)).")
            }
            if failure.isTransient {
                return S3Problem(.unreachable, "\(service) keeps failing: \(failure.status) \(failure.code).")
            }
            return S3Problem(
                .answerUnknown, "\(service) answers with \(failure.status) \(failure.code) where S3 does not.")
        case let error as HTTPClientError:
            return S3Problem(.unreachable, "\(service) does not answer: \(error).")
        default: return error
        }
    }
}
