public import ChildProtocol
import Foundation
import LipSync
import Processes
import Synchronization
import Text
public import Time

/// Puts signed manifests into finished files: a confined child reads and writes them, and this process signs.
public struct Sealer: Sendable {
    private let identity: SigningIdentity
    private let executable: String
    private let environment: [String: String]
    private let now: @Sendable () -> Timestamp
    private let log: @Sendable (_ event: String, _ detail: String) -> Void

    /// Makes a sealer.
    ///
    /// - Parameters:
    ///   - executable: The path of the `lipsmith` program.
    ///   - environment: The child's whole environment.
    ///   - log: Takes what readers of the log may want to know.
    public init(
        _ identity: SigningIdentity, executable: String, environment: [String: String],
        now: @escaping @Sendable () -> Timestamp = { SystemClock().now },
        log: @escaping @Sendable (_ event: String, _ detail: String) -> Void
    ) {
        self.identity = identity
        self.executable = executable
        self.environment = environment
        self.now = now
        self.log = log
    }

    /// A manifest names few sources; a child that wants more signatures than this has lost its way.
    private static let mostSignatures = 64
    /// The longest time: both ends of a file of some gigabytes are read and written on a slow disk.
    private static let timeLimit = Duration.seconds(1800)
    /// The library needs some MiB, whatever the size of a file.
    private static let memoryBytes: Int64 = 1 << 30

    /// Seals files.
    ///
    /// - Parameters:
    ///   - folder: Has the files; in its `output` the sealed ones are written.
    ///   - readable: Further files that are read: the sources.
    ///   - fileBytes: The largest file that may be written.
    /// - Throws: `CredentialError`; `CancellationError` if the task was cancelled.
    @discardableResult
    public func seal(
        _ files: [SealingOrder.File], in folder: String, readable: [String] = [], fileBytes: Int64
    ) async throws -> SealingOutcome {
        let certificates = try identity.certificates(now: now())
        func order(readsIngredients: Bool) -> SealingOrder {
            SealingOrder(
                files: files, certificates: certificates, algorithm: identity.algorithm.rawValue,
                readsIngredients: readsIngredients)
        }
        do {
            let outcome = try await run(order(readsIngredients: true), in: folder, readable, fileBytes)
            // The file's own credentials are lost where a source's cannot be read: the operator is told.
            if outcome.unreadIngredients.contains(where: { !$0.isEmpty }) {
                log("sources_unread", "numbers by file: \(outcome.unreadIngredients)")
            }
            return outcome
        } catch let error as CredentialError where error.kind == .signingFailed {
            // A source may be made to kill whoever reads it. What is made of it gets its credentials nevertheless.
            log("sources_unread", error.detail)
            return try await run(order(readsIngredients: false), in: folder, [], fileBytes)
        }
    }

    /// Signs a file of no sound, so that a key or a certificate that the library refuses is found before anything is rendered.
    ///
    /// - Throws: `CredentialError` of kind `identityUnusable`; `CancellationError` if the task was cancelled.
    public func rehearse() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/lipsmith-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/output", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(Self.silence).write(to: URL(fileURLWithPath: folder + "/silence.wav"))
            let draft = ManifestDraft(
                title: "silence", contentType: "audio/wav", making: .created(.algorithmicMedia), sources: [],
                version: "", statement: [:])
            let order = draft.order(path: folder + "/silence.wav", sealedPath: folder + "/output/silence.wav")
            try await seal([order], in: folder, fileBytes: 1 << 20)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw CredentialError(
                .identityUnusable, message: "Nothing can be signed by the key and the certificates that are set.",
                suggestion: "Ask for a certificate for signing content: see docs/provenance.md.",
                detail: (error as? CredentialError)?.detail ?? "\(error)")
        }
    }

    /// A WAV file of one sample.
    private static let silence: [UInt8] =
        Array("RIFF".utf8) + [38, 0, 0, 0] + Array("WAVEfmt ".utf8)
        + [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0] + Array("data".utf8)
        + [2, 0, 0, 0, 0, 0]

    private func run(
        _ order: SealingOrder, in folder: String, _ readable: [String], _ fileBytes: Int64
    ) async throws -> SealingOutcome {
        let launch = ConfinedLaunch(
            .seal, words: readable.flatMap { [ConfinedOption.readable.rawValue, $0] }, folder: folder,
            memoryBytes: Self.memoryBytes, fileBytes: fileBytes, timeLimit: Self.timeLimit
        ).launch(executable, environment: environment, input: Array(try JSONEncoder().encode(order)) + [0x0A])
        let (exit, told): (ChildExit, ChildMessage?)
        do {
            let input = try ChildInput()
            let answering = Answering(identity: identity, input: input, log: log)
            (exit, told) = try await ConfinedChild.run(launch, input: input) { message in
                if let question = message.question { answering.answer(question) }
            }
        } catch {
            throw Self.failure(error.description)
        }
        if case .stopped = exit.cause { throw CancellationError() }
        guard let outcome = told?.sealing, exit.cause == .exited(0) else {
            throw Self.failure("\(told?.failure?.detail ?? "") \(exit.cause) \(exit.errorTail)")
        }
        return outcome
    }

    private static func failure(_ detail: String) -> CredentialError {
        CredentialError(
            .signingFailed, message: "The output cannot be signed.", suggestion: "Report it with the log.",
            detail: detail)
    }

    /// Answers the questions of one child.
    private final class Answering: Sendable {
        let identity: SigningIdentity
        let input: ChildInput
        let log: @Sendable (_ event: String, _ detail: String) -> Void
        private let count = Mutex(0)

        init(
            identity: SigningIdentity, input: ChildInput,
            log: @escaping @Sendable (_ event: String, _ detail: String) -> Void
        ) {
            self.identity = identity
            self.input = input
            self.log = log
        }

        func answer(_ question: ChildQuestion) {
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number <= Sealer.mostSignatures else { return write([]) }
            switch question {
            case .signature(let bytes):
                do { write(try identity.sign(Array(bytes)) ?? []) } catch {
                    log("signing_failed", error.detail)
                    write([])
                }
            }
        }

        private func write(_ bytes: [UInt8]) { input.write(Array(Base64.encode(bytes).utf8) + [0x0A]) }
    }
}
