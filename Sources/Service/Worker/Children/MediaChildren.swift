package import ChildProtocol
import Foundation
import Generations
import Glibc
import LipSync
import Processes

/// Runs the confined children of this product: everything that opens a stranger's file happens in one of them.
struct MediaChildren: Sendable {
    let executable: String
    let environment: [String: String]
    let limits: WorkerLimits
    let log: @Sendable (_ event: String, _ detail: String) -> Void

    init(
        _ configuration: WorkerConfiguration, log: @escaping @Sendable (_ event: String, _ detail: String) -> Void
    ) {
        executable = configuration.executable
        environment = configuration.childEnvironment
        limits = configuration.limits
        self.log = log
    }

    /// What a file is.
    ///
    /// - Parameters:
    ///   - folder: The folder that has the file; the child can read little else.
    ///   - timeLimit: How long it may take.
    ///   - thumbnail: Where a small picture of a video is written, below the folder's `output`.
    /// - Throws: `ChildFailure`; `CancellationError` if the task was cancelled.
    func probe(
        _ path: String, in folder: String, timeLimit: Duration, thumbnail: String? = nil
    ) async throws -> MediaSummary {
        let message = try await run(
            .probe, thumbnail.map { [ConfinedOption.thumbnail.rawValue, $0] } ?? [], in: folder,
            input: Array(path.utf8),
            timeLimit: timeLimit)
        guard let media = message.media else { throw ChildFailure.senseless }
        return media
    }

    /// What a picture, a clip or a sound is like.
    ///
    /// - Parameters: as of `probe`.
    /// - Throws: as `probe`.
    func check(
        _ path: String, _ subject: MediaCheck.Subject, in folder: String, timeLimit: Duration
    ) async throws -> MediaCheck {
        let message = try await run(
            .check, [ConfinedOption.subject.rawValue, subject.rawValue], in: folder, input: Array(path.utf8),
            timeLimit: timeLimit)
        guard let check = message.check else { throw ChildFailure.senseless }
        return check
    }

    /// Makes the video or the picture that a task asks for.
    ///
    /// - Parameters:
    ///   - folder: The folder that has the task's inputs, and `output` in it where the child may write.
    ///   - mediaSeconds: A length that the output does not exceed by much; it bounds the time.
    ///   - observer: Is told of the work on the child's thread.
    /// - Throws: as `probe`.
    func render(
        _ task: EngineTask, in folder: String, mediaSeconds: Double, observer: RenderObserver
    ) async throws -> RenderedFiles {
        let message = try await run(
            .render, in: folder, input: Array(try JSONEncoder().encode(task)), timeLimit: renderTime(mediaSeconds),
            observer: observer)
        guard let output = message.output else { throw ChildFailure.senseless }
        return RenderedFiles(
            output: output, segment: message.segmentOutput,
            fingerprint: message.fingerprint ?? [],
            thumbnailPath: task.makesVideo ? Self.existing(Thumbnail.path(beside: task.outputPath)) : nil,
            reportPath: Self.existing(ReportFile.path(beside: task.outputPath)))
    }

    /// Does a step of a divided job that does not write the output; the last one, `joining`, is a render.
    ///
    /// - Parameters:
    ///   - folder: The folder that has the task's inputs, and `output` in it, where the files of earlier steps may lie, too.
    ///   - mediaSeconds: The length that the step is about; it bounds the time.
    ///   - observer: Is told of the work on the child's thread.
    /// - Throws: as `probe`.
    func perform(
        _ task: SplitTask, in folder: String, mediaSeconds: Double, observer: RenderObserver = RenderObserver()
    ) async throws -> StepOutcome {
        let message = try await run(
            .render, in: folder, input: Array(try JSONEncoder().encode(EngineTask.step(task))),
            timeLimit: renderTime(mediaSeconds), observer: observer)
        guard let outcome = message.step, outcome.isPossible(after: task.step) else { throw ChildFailure.senseless }
        return outcome
    }

    /// Frees a voice of what is heard beside it.
    ///
    /// - Parameters: as of `render`.
    /// - Throws: as `probe`.
    func isolate(
        _ isolation: VoiceIsolation, in folder: String, mediaSeconds: Double,
        onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> SoundFacts {
        try await sound(
            .processing(.voice(isolation)), in: folder, timeLimit: renderTime(mediaSeconds), onProgress: onProgress)
    }

    private func renderTime(_ mediaSeconds: Double) -> Duration {
        limits.renderTimeBase + .seconds(mediaSeconds * limits.renderTimePerSecond)
    }

    /// The path of a file that a child was free to leave out.
    static func existing(_ path: String) -> String? { access(path, R_OK) == 0 ? path : nil }

    /// Lays a sound out in time, into a file of the folder's `output`.
    ///
    /// - Throws: as `probe`.
    func mix(_ mix: SoundMix, in folder: String, timeLimit: Duration) async throws {
        _ = try await sound(.mix(mix), in: folder, timeLimit: timeLimit) { _ in }
    }

    private func sound(
        _ task: EngineTask, in folder: String, timeLimit: Duration, onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> SoundFacts {
        let message = try await run(task, in: folder, timeLimit: timeLimit, onProgress: onProgress)
        guard let sound = message.sound else { throw ChildFailure.senseless }
        return sound
    }

    private func run(
        _ task: EngineTask, in folder: String, timeLimit: Duration, onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> ChildMessage {
        try await run(
            .render, in: folder, input: Array(try JSONEncoder().encode(task)), timeLimit: timeLimit,
            observer: RenderObserver(onProgress: { onProgress($0.fraction) }))
    }

    private func run(
        _ command: ChildCommand, _ words: [String] = [], in folder: String, input: [UInt8], timeLimit: Duration,
        observer: RenderObserver = RenderObserver()
    ) async throws -> ChildMessage {
        let launch = ConfinedLaunch(
            command, words: words, folder: folder, memoryBytes: limits.childMemoryBytes,
            fileBytes: limits.childFileBytes, timeLimit: timeLimit
        ).launch(executable, environment: environment, input: input)
        let (exit, told): (ChildExit, ChildMessage?)
        do {
            (exit, told) = try await ConfinedChild.run(launch) { message in
                if let progress = message.progress { observer.onProgress(progress) }
                if let preview = message.preview { observer.onPreview?(Array(preview)) }
            }
        } catch {
            log("child_not_started", error.description)
            throw error.isPassing ? ChildFailure.killed : .notStarted
        }
        if exit.cause != .exited(0) { log("child_failed", "\(command.rawValue): \(exit.cause) \(exit.errorTail)") }
        return try outcome(of: exit, told)
    }

    private func outcome(of exit: ChildExit, _ message: ChildMessage?) throws -> ChildMessage {
        switch exit.cause {
        case .stopped: throw CancellationError()
        case .timedOut: throw ChildFailure.timedOut
        case .flooded: throw ChildFailure.senseless
        case .signalled(let signal):
            // The processor's time is a limit like the clock's.
            if signal == SIGXCPU { throw ChildFailure.timedOut }
            let usedUp = exit.peakBytes > limits.childMemoryBytes / 4 * 3
            if usedUp || Self.complainsAboutMemory(exit.errorTail) { throw ChildFailure.outOfMemory }
            // The kernel sends it to whoever is largest when the whole machine has no memory left.
            throw signal == SIGKILL ? ChildFailure.killed : .crashed(signal)
        case .exited(let code):
            guard let message else { throw code == 0 ? ChildFailure.senseless : .crashed(0) }
            if let failure = message.failure {
                log("child_refused", "\(failure.code): \(failure.message) \(failure.detail)")
                throw ChildFailure.told(failure)
            }
            guard code == 0 else { throw ChildFailure.crashed(0) }
            return message
        }
    }

    // A library that gets no memory seldom ends in order; what it wrote last tells it from other crashes.
    private static func complainsAboutMemory(_ text: String) -> Bool {
        ["alloc", "Cannot allocate memory", "out of memory"].contains { text.contains($0) }
    }
}

/// What a render wrote.
struct RenderedFiles: Sendable {
    /// The whole video, or the picture.
    var output: RenderReport.Output
    /// The processed part alone, if it was written.
    var segment: RenderReport.Output?
    /// What the video looks like.
    var fingerprint: [UInt64]
    /// A small picture of the video, if there is one.
    var thumbnailPath: String?
    /// What was measured of it, as JSON, if it was.
    var reportPath: String?
}

/// Why a child brought no result.
package enum ChildFailure: Error, Hashable, Sendable {
    /// It said why.
    case told(ChildMessage.Failure)
    /// A signal ended it, or 0: it ended without a word.
    case crashed(Int32)
    /// The memory that it may have ran out.
    case outOfMemory
    /// The machine killed it, though it kept to its limits, or had no room for it at all.
    case killed
    /// Time ran out.
    case timedOut
    /// What it wrote makes no sense.
    case senseless
    /// The program could not be started.
    case notStarted
}
