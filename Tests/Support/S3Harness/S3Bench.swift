package import Blobs
import Foundation
package import StoreConformance
import Text

extension S3Bucket {
    /// The bucket as a case of the conformance suite wants it.
    ///
    /// - Parameter folder: For files of this machine.
    package func bench(folder: String, _ configuration: S3Configuration) async throws -> BlobBench {
        BlobBench(
            store: try await S3BlobStore.open(configuration), folder: folder,
            grow: { seconds in try await control(["advance": .integer(Int64(seconds))]) },
            damage: { key in try await control(["damage": .string("kept/here/files/\(key)")]) },
            fileCount: {
                let state = try await state()
                // All but the marker of the installation.
                return state.keys.count - 1 + state.uploads
            })
    }
}
