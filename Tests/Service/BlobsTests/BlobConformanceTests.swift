import Blobs
import Foundation
import StoreConformance
import Testing

/// Goal: every driver does what a blob store must. Method: the shared cases, each on a fresh store.
struct BlobConformanceTests {
    @Test(arguments: BlobConformance.cases)
    func folder(_ conformance: BlobConformance) async throws {
        let temporary = try TemporaryStore(quarantineTime: .seconds(1000))
        let scratch = try ScratchFolder()
        try await conformance.run(temporary.bench(folder: scratch.path))
        withExtendedLifetime((temporary, scratch)) {}
    }
}
