import Face
import Foundation
import Media
import Rendering
import Speech

/// Something that makes a video of a plan.
public protocol RenderEngine: Sendable {
    /// Renders a plan.
    ///
    /// - Parameters:
    ///   - cancellation: Stops the work soon after it is cancelled.
    ///   - onProgress: Called from any thread, a few times a second.
    /// - Throws: `RenderFailure`. No output file exists then.
    func render(
        _ plan: RenderPlan, cancellation: Cancellation, onProgress: @escaping @Sendable (RenderProgress) -> Void
    ) throws -> RenderReport
}

/// The mesh engine: tracks the face, turns speech into mouth motion and re-renders the mouth from the speaker's own
/// pixels, on the processor.
public final class EmbeddedEngine: RenderEngine {
    private let installation: Installation

    /// Makes an engine that uses the runtime and models of `installation`.
    public init(_ installation: Installation) { self.installation = installation }

    /// Finds the installation of the running program.
    /// - Throws: `RenderFailure` of code `installationIncomplete`.
    public convenience init() throws {
        guard let installation = Installation.find() else {
            throw RenderFailure(
                .installationIncomplete, message: "The inference runtime and face models were not found.",
                suggestion: "Run `make setup`, or set \(Installation.setting) to the folder that holds them.")
        }
        self.init(installation)
    }

    /// Renders a plan on this machine's processor; see `RenderEngine`.
    public func render(
        _ plan: RenderPlan, cancellation: Cancellation = Cancellation(),
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) throws -> RenderReport {
        do {
            return try RenderJob(
                plan: plan, installation: installation, cancellation: cancellation,
                meter: ProgressMeter(onProgress)
            ).run()
        } catch {
            throw RenderFailure(error)
        }
    }
}

/// One run of the embedded engine.
private struct RenderJob {
    let plan: RenderPlan
    let installation: Installation
    let cancellation: Cancellation
    let meter: ProgressMeter

    private var part: RenderPart { plan.parts[0] }

    func run() throws -> RenderReport {
        let start = ContinuousClock.now
        let output = try PendingFile(plan.outputPath)
        // The clip is opened before the sound is read, so that a wrong clip is refused at once.
        let info = try openClip()
        let sound = try SoundAnalysis.measure(part.audioPath, cancellation: cancellation)
        let speech = Later<SpeechAnalysis>()
        let group = ThreadGroup { cancellation.cancel() }
        group.start("speech") {
            speech.value = try SoundAnalysis.analyze(part.audioPath, cancellation: cancellation)
        }
        var source: SourceAnalysis
        do {
            source = try analyzeSource(info, sound)
        } catch {
            group.fail(error)
            try group.wait()
            throw error
        }
        try group.wait()
        guard let analysis = speech.value else { throw RenderFailure.cancelled }
        let chosen = try chooseSpeaker(source)
        let speakers = Set(chosen.map(\.identity))
        let faces = source.records.map { RenderReport.FoundFace($0, isSpeaker: speakers.contains($0.identity)) }
        // Tracks and pictures of the others are of no more use, and the speaker's are handed on, not copied.
        source.records = []

        let timeline = Timeline(
            mode: part.syncMode, sourceFrameCount: source.frameCount, frameRate: info.frameRate,
            sampleCount: sound.sampleCount, sampleRate: sound.sampleRate)
        let track = RuleMouthModel.track(
            analysis, frameRate: info.frameRate, frameCount: timeline.frameCount,
            options: MouthTrackOptions(
                temperature: part.temperature, restWidth: MouthRange.median.restWidth,
                restJaw: MouthRange.median.restJaw))
        let planClock = BusyClock()
        let scenes = planClock.measure {
            SceneSet(
                chosen: consume chosen, timeline: timeline, track: track, profile: plan.profile,
                framesPerSecond: info.frameRate.value)
        }
        guard scenes.drawnCount > 0 else {
            throw RenderFailure(
                .noFaceFound, message: "The speaker's face is never seen well enough in the frames that are used.",
                suggestion: "Use a clip in which the face looks towards the camera.")
        }
        let analysed = ContinuousClock.now
        let pass = RenderPass(
            plan: plan, timeline: timeline, scenes: scenes, sound: sound, cancellation: cancellation)
        meter.begin(.rendering, from: ProgressMeter.analysisShare, to: 1)
        let timings = try pass.run(to: output.temporaryPath, info: info) {
            meter.report(done: $0, expected: timeline.frameCount)
        }
        if cancellation.isCancelled {
            output.discard()
            throw RenderFailure.cancelled
        }
        try output.publish()
        let end = ContinuousClock.now
        return ReportBuilder(
            plan: plan, info: info, source: source, faces: faces, timeline: timeline, scenes: scenes, track: track,
            speech: analysis, sound: sound
        ).report(
            analysisSeconds: (analysed - start).seconds, renderSeconds: (end - analysed).seconds,
            planSeconds: planClock.seconds, pass: timings)
    }

    private func openClip() throws -> VideoStreamInfo {
        if try MediaProbe.inspect(plan.videoPath).isStillImage {
            throw MediaError(
                code: .videoInvalid, message: "The clip is a still picture.", suggestion: "Use a video.",
                detail: plan.videoPath)
        }
        return try VideoReader(plan.videoPath).info
    }

    private func analyzeSource(_ info: VideoStreamInfo, _ sound: SoundFacts) throws -> SourceAnalysis {
        let limit = Timeline.neededSourceFrames(
            mode: part.syncMode, frameRate: info.frameRate, sampleCount: sound.sampleCount,
            sampleRate: sound.sampleRate)
        meter.begin(.analysing, from: 0, to: ProgressMeter.analysisShare)
        // Loading the networks takes most of a second, in which the other core already listens.
        let analyzer = SourceAnalyzer(
            models: try installation.loadFaceModels(), cancellation: cancellation,
            keepsPictures: plan.profile == .mouthBank)
        return try analyzer.analyze(plan.videoPath, limit: limit) { meter.report(done: $0, expected: $1) }
    }

    private func chooseSpeaker(_ source: SourceAnalysis) throws -> [FaceRecord] {
        let records = source.records.credible(
            framesPerSecond: source.info.frameRate.value, frameCount: source.frameCount)
        guard !records.isEmpty else {
            throw RenderFailure(
                .noFaceFound, message: "No face was found in \(source.frameCount) frames.",
                suggestion: "Use a clip in which a human face is seen from the front, at least 40 pixels wide.")
        }
        return Array(try part.speaker.choose(records).values)
    }
}

/// A value that another thread sets before it ends.
private final class Later<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Value?

    var value: Value? {
        get {
            lock.lock()
            defer { lock.unlock() }
            return stored
        }
        set {
            lock.lock()
            stored = newValue
            lock.unlock()
        }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
