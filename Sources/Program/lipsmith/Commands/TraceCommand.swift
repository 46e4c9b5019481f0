import ChildProtocol
import Foundation
import LipSync
import Provenance
import Watermark

/// `lipsmith trace`: an order on standard input, what the file shows of where it comes from on standard output. A child of
/// whoever verifies files.
enum TraceCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let readable = try arguments.takeValues(ConfinedOption.readable.rawValue)
        return try Confinement.run(&arguments, readable: readable) { input in
            let order: TraceOrder = try Confinement.order(input)
            let installation = try Installation.required()
            guard FileManager.default.isReadableFile(atPath: order.path) else {
                throw RenderFailure(
                    .inputUnreadable, message: "The file cannot be read.", suggestion: "Name a file that is there.")
            }
            var trace = MediaTrace()
            do {
                trace.credentials = try CredentialReading(folder: installation.folder, anchors: order.anchors)
                    .finding(in: order.path)
            } catch let error as CredentialError where error.kind == .signingFailed {
                trace.credentialsProblem = error.detail
            } catch let error as CredentialError where error.kind == .fileUnreadable {
                trace.fileProblem = error.detail
            }
            // A file without pictures, or with ones that cannot be decoded, has no mark that could be found.
            if (try? MediaSummary(path: order.path))?.kind == .video {
                trace.watermark = try? WatermarkSearch(
                    models: installation.loadFaceModels(), speeds: order.looksForOtherSpeeds ? .wide : .usual
                ).find(in: order.path)
                trace.fingerprint = (try? VideoFingerprint(of: order.path).numbers) ?? []
            }
            return .result(trace)
        }
    }
}
