import ChildProtocol
import Foundation
import LipSync
import Provenance
import Sandbox
import Text

/// `lipsmith seal`: an order on the first line of standard input, questions on standard output, their answers on further lines
/// of the input. A child of whoever publishes files; it has no key.
enum SealCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let readable = try arguments.takeValues(ConfinedOption.readable.rawValue)
        let options = try ConfinementOptions(&arguments)
        try arguments.finish()
        do {
            // The library puts what does not fit into its memory there.
            if let folder = options.folder { setenv("TMPDIR", folder + "/output", 1) }
            try Confinement.enter(options, readable: readable)
            guard let line = readLine(), let installation = Installation.find() else {
                throw CredentialError(
                    .libraryMissing, message: "The library for Content Credentials was not found.",
                    suggestion: "Run `make setup`.")
            }
            let sealing = try ChildSealing(
                try Confinement.order(Data(line.utf8)), folder: installation.folder, ask: ask)
            Confinement.send(.result(try sealing.run()))
            return .success
        } catch {
            Confinement.send(.failure(failure(error)))
            return .failure
        }
    }

    private static func ask(_ question: ChildQuestion) -> [UInt8]? {
        Confinement.send(.question(question))
        return readLine().flatMap { Base64.decode($0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func failure(_ error: any Error) -> any Error {
        guard let error = error as? CredentialError else { return error }
        return RenderFailure(
            error.kind == .libraryMissing ? .installationIncomplete : .engineFailed, message: error.message,
            suggestion: error.suggestion, detail: error.detail)
    }
}
