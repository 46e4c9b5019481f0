import Blobs
import Foundation
import S3Harness
import StoreConformance
import Testing
import Text

/// Goal: every driver does what a blob store must. Method: the shared cases, each on a fresh store.
struct BlobConformanceTests {
    @Test(arguments: BlobConformance.cases)
    func folder(_ conformance: BlobConformance) async throws {
        let temporary = try TemporaryStore(quarantineTime: .seconds(1000))
        let scratch = try ScratchFolder()
        try await conformance.run(temporary.bench(folder: scratch.path))
        withExtendedLifetime((temporary, scratch)) {}
    }

    @Test(arguments: BlobConformance.cases)
    func s3(_ conformance: BlobConformance) async throws {
        try await run(conformance, [:])
    }

    /// One of ten requests fails, in one of seven ways: nobody notices.
    @Test(arguments: BlobConformance.cases)
    func s3WithFaults(_ conformance: BlobConformance) async throws {
        try await run(conformance, ["faults": 0.1, "seed": 11])
    }

    /// Three of ten requests fail.
    @Test(arguments: BlobConformance.cases)
    func s3WithManyFaults(_ conformance: BlobConformance) async throws {
        try await run(conformance, ["faults": 0.3, "seed": 12])
    }

    private func run(_ conformance: BlobConformance, _ behaviour: [String: JSONValue]) async throws {
        let bucket = try await S3Bucket(behaviour)
        let scratch = try ScratchFolder()
        let configuration = try bucket.configuration {
            // Of two hundred requests of a case, none may fail to the end: three of ten to the twentieth are 3.5 in 10^11.
            $0.retries.maximumAttempts = 20
        }
        try await conformance.run(try await bucket.bench(folder: scratch.path, configuration))
        let counts = try await bucket.state().counts
        // A canary: faults that were asked for have happened, where there were enough requests.
        if counts.values.reduce(0, +) > 50 {
            #expect((counts["faults", default: 0] > 0) == (behaviour["faults"] != nil), "\(counts)")
        }
        withExtendedLifetime(scratch) {}
    }
}
