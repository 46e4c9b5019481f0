import ChildProtocol
import Generations
import LipSync
import Provenance
import Text

/// Signs what an attempt has made, before it is published.
struct OutputSealing: Sendable {
    /// A file to be published.
    struct Output: Sendable {
        var path: String
        /// Where it is published.
        var name: String
        /// What is said of it.
        var manifest: ManifestDraft
    }

    /// `nil` where outputs are not signed.
    let sealer: Sealer?
    let fileBytes: Int64

    /// Gives the paths of the files that are to be published, in the order of `outputs`.
    ///
    /// - Parameter folder: The attempt's own; has the outputs and their sources.
    /// - Throws: `JobFailure`; `CancellationError` if the task was cancelled.
    func seal(_ outputs: [Output], in folder: String) async throws -> [String] {
        var paths = outputs.map(\.path)
        guard let sealer else { return paths }
        var orders: [SealingOrder.File] = []
        // Sounds that are kept in the form of a provider may be of a kind that can have no manifest.
        for (number, output) in outputs.enumerated() where output.manifest.canBeSigned {
            var manifest = output.manifest
            // What was made here for the output has credentials of its own by then.
            for index in manifest.sources.indices {
                let made = outputs[..<number].firstIndex { $0.path == manifest.sources[index].path }
                if let made { manifest.sources[index].path = paths[made] }
            }
            paths[number] = "\(folder)/output/sealed-\(number)"
            orders.append(manifest.order(path: output.path, sealedPath: paths[number]))
        }
        guard !orders.isEmpty else { return paths }
        do {
            try await sealer.seal(orders, in: folder, fileBytes: fileBytes)
        } catch let error as CredentialError {
            throw JobFailure(
                .processingFailed, "The output could not be signed.", mayRetry: true,
                detail: "\(error.message) \(error.detail)")
        }
        for order in orders {
            guard ChildFile.byteCount(order.sealedPath) != nil else { throw ChildFailure.senseless }
        }
        return paths
    }
}
