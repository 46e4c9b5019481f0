public import ChildProtocol
import Foundation
import Generations
import Processes
import Queues

/// Looks for what says where a file comes from, in a confined child.
public struct FileTracer: Sendable {
    private let executable: String
    private let environment: [String: String]
    private let memoryBytes: Int64

    /// Why nothing can be said of a file.
    public struct Failure: Error, Hashable, Sendable {
        /// One sentence.
        public var message: String
        /// What the user can do.
        public var suggestion: String
        /// Particulars, for the log.
        public var detail: String
    }

    /// - Parameters:
    ///   - executable: The path of the `lipsmith` program.
    ///   - environment: The child's whole environment.
    ///   - memoryBytes: The most memory of the child.
    public init(executable: String, environment: [String: String], memoryBytes: Int64) {
        self.executable = executable
        self.environment = environment
        self.memoryBytes = memoryBytes
    }

    /// Looks at a file.
    ///
    /// - Parameters:
    ///   - anchors: Certificates in PEM whose holders are known; may be empty.
    ///   - looksForOtherSpeeds: Whether clips that were sped up or slowed down are expected.
    /// - Throws: `Failure`; `CancellationError` if the task was cancelled.
    public func trace(
        _ path: String, anchors: String, looksForOtherSpeeds: Bool = false, timeLimit: Duration
    ) async throws -> (trace: MediaTrace, digest: String) {
        let order = TraceOrder(path: path, anchors: anchors, looksForOtherSpeeds: looksForOtherSpeeds)
        let launch = ConfinedLaunch(
            .trace, words: [ConfinedOption.readable.rawValue, path], folder: nil, memoryBytes: memoryBytes,
            // It writes nothing.
            fileBytes: 1, timeLimit: timeLimit
        ).launch(executable, environment: environment, input: Array(try JSONEncoder().encode(order)))
        // Its bytes are read here, so that nobody has to believe the child.
        let file = try FileDigest(path)
        async let digest = BlockingWork.run { try file.digest() }
        // Where the child has failed, nobody waits for the rest of a large file.
        defer { file.stop() }
        let (exit, told): (ChildExit, ChildMessage?)
        do {
            (exit, told) = try await ConfinedChild.run(launch)
        } catch {
            throw Failure(
                message: "The file could not be looked at.", suggestion: "Try again.", detail: error.description)
        }
        if case .stopped = exit.cause { throw CancellationError() }
        // What it says of a failure is for the log: a stranger's file may have taken it over.
        guard let trace = told?.trace, exit.cause == .exited(0) else {
            throw Failure(
                message: exit.cause == .timedOut
                    ? "The file took too long to look at." : "The file could not be looked at.",
                suggestion: "Send a shorter or a smaller one.",
                detail: "\(told?.failure?.detail ?? "") \(exit.cause) \(exit.errorTail)")
        }
        return (trace, try await digest)
    }
}
