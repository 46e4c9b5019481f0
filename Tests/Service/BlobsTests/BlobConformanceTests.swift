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
        try await run(conformance, faults: 0)
    }

    /// One of ten requests fails, in one of seven ways: nobody notices.
    @Test(arguments: BlobConformance.cases)
    func s3WithFaults(_ conformance: BlobConformance) async throws {
        try await run(conformance, faults: 0.1)
    }

    /// Three of ten requests fail. Of the hundreds of a case none may do so to the end, which more attempts ensure: three of
    /// ten to the twentieth are 3.5 in 10^11.
    @Test(arguments: BlobConformance.cases)
    func s3WithManyFaults(_ conformance: BlobConformance) async throws {
        try await run(conformance, faults: 0.3) { $0.retries.maximumAttempts = 20 }
    }

    private func run(
        _ conformance: BlobConformance, faults: Double, change: (inout S3Configuration) -> Void = { _ in }
    ) async throws {
        // Another seed each time; a failing one is printed and can be put here.
        let seed = Int64.random(in: 1...1_000_000)
        let bucket = try await S3Bucket(["faults": .number(faults), "seed": .integer(seed)])
        let scratch = try ScratchFolder()
        do {
            try await conformance.run(
                try await bucket.bench(folder: scratch.path, try bucket.configuration(change: change)))
        } catch { Issue.record(error, "seed \(seed)") }
        // A canary: faults that were asked for have happened, where there were enough requests.
        let counts = try await bucket.state().counts
        if counts.values.reduce(0, +) > 200 {
            #expect((counts["faults", default: 0] > 0) == (faults > 0), "seed \(seed): \(counts)")
        }
        withExtendedLifetime(scratch) {}
    }
}
