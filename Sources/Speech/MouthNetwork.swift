import CMouthNetwork
import FoundationEssentials
import Inference

#if canImport(Glibc)
    import Glibc
#endif

/// What the mouth network hears in a sound: 50 values a second; value `k` belongs to the moment `k` × 20 ms.
public struct LearnedMotion: Codable, Hashable, Sendable {
    /// Values per second.
    package static let framesPerSecond = 50

    /// Opening of the lips, in standard deviations of a speaker around his mean; flatter than real motion.
    public var opening: [Float] = []
    /// Distance of the corners, likewise.
    public var width: [Float] = []
    /// Distance of the chin, likewise.
    public var jaw: [Float] = []
    /// How likely nobody speaks, 0…1.
    public var silence: [Float] = []
    /// How likely the lips are shut for p, b or m, 0…1.
    public var shutLips: [Float] = []
    /// How likely the lower lip touches the teeth for f or v, 0…1.
    public var lipOnTeeth: [Float] = []

    /// Whether every value is a number: what comes from elsewhere may not be.
    package var isFinite: Bool {
        [opening, width, jaw, silence, shutLips, lipOnTeeth].allSatisfy { $0.allSatisfy(\.isFinite) }
    }
}

/// The project's own network from sound to mouth motion: 40 mel bands every 10 ms in, the mouth every 20 ms out.
///
/// docs/mouth-network.md is its model card. It hears 0.26 s on either side of a moment and costs about a thousandth of
/// the sound's length on one core, besides six times that of up to 80 s of it, which find the voice's `FormantWarp`. A
/// network belongs to one thread at a time.
public final class MouthNetwork: Sendable {
    /// Moments of sound that one run takes.
    private static let runLength = 1024
    /// Moments at both ends of a run that are only heard: more than the network's reach of 26.
    private static let context = 32
    /// Runs of a long sound that its warp is chosen by.
    private static let judgedRuns = 8
    /// Less speech than this (outputs, half a second) says nothing about a voice.
    private static let leastSpeech: Float = 25
    private static let visemeCount = 15
    /// Places of the visemes that are used, in the network's order.
    private static let (silence, shutLips, lipOnTeeth) = (0, 1, 2)

    private let session: any InferenceSession
    private let curves: Int
    private let visemes: Int

    /// Loads the network that is part of the program.
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    public init(_ runtime: any InferenceRuntime) throws {
        var size = 0
        let bytes = lipsmith_mouth_network(&size)
        let session = try runtime.load(model: Data(bytes: bytes!, count: size), threadCount: 1)
        // The runtime may give an output another of its names; their sizes tell them apart.
        func output(ofRows count: Int) -> Int? {
            session.outputNames.indices.first { number in
                session.withOutput(number) { $0.count == count * Self.runLength / 2 }
            }
        }
        guard let curves = output(ofRows: 3), let visemes = output(ofRows: Self.visemeCount),
            session.inputCount == MelTriangles.count * Self.runLength
        else { throw InferenceError(.modelUnreadable, detail: "the mouth network has other inputs or outputs") }
        self.session = session
        self.curves = curves
        self.visemes = visemes
    }

    /// Listens to a whole sound.
    ///
    /// - Throws: `InferenceError` of kind `runFailed`.
    func motion(_ bands: MelBands) throws -> LearnedMotion {
        var motion = LearnedMotion()
        let scale = bands.scale()
        let warp = try warp(for: bands, scale)
        for first in Self.runStarts(bands) {
            try listen(bands, scale, warp, from: first)
            let used = Self.usedOutputs(bands, from: first)
            func row(_ values: UnsafeBufferPointer<Float>, _ number: Int) -> Slice<UnsafeBufferPointer<Float>> {
                let start = number * Self.runLength / 2
                return values[start + used.lowerBound..<start + used.upperBound]
            }
            session.withOutput(curves) { values in
                motion.opening += row(values, 0)
                motion.width += row(values, 1)
                motion.jaw += row(values, 2)
            }
            session.withOutput(visemes) { values in
                motion.silence += row(values, Self.silence)
                motion.shutLips += row(values, Self.shutLips)
                motion.lipOnTeeth += row(values, Self.lipOnTeeth)
            }
        }
        return motion
    }

    /// The warp with which the network is surest of what is said: the one of least entropy of the visemes, where there
    /// is speech. Sounds without speech are left as they are.
    ///
    /// A long sound is judged by parts of it, and has one warp whoever speaks.
    ///
    /// - Throws: `InferenceError` of kind `runFailed`.
    package func warp(for bands: MelBands) throws -> FormantWarp { try warp(for: bands, bands.scale()) }

    private func warp(for bands: MelBands, _ scale: [MelBands.Scale]) throws -> FormantWarp {
        let starts = Self.runStarts(bands)
        let step = max((starts.count + Self.judgedRuns - 1) / Self.judgedRuns, 1)
        let judged = stride(from: 0, to: starts.count, by: step).map { starts[$0] }
        var best = (warp: FormantWarp.none, entropy: Float.infinity)
        for warp in FormantWarp.all {
            var (entropy, speech): (Float, Float) = (0, 0)
            for first in judged {
                try listen(bands, scale, warp, from: first)
                session.withOutput(visemes) { values in
                    for output in Self.usedOutputs(bands, from: first) {
                        let likelihoods = (0..<Self.visemeCount).map { values[$0 * Self.runLength / 2 + output] }
                        let isSpeech = 1 - likelihoods[Self.silence]
                        entropy -= isSpeech * likelihoods.reduce(0) { $0 + $1 * log(max($1, 1e-6)) }
                        speech += isSpeech
                    }
                }
            }
            guard speech >= Self.leastSpeech else { return .none }
            if entropy / speech < best.entropy { best = (warp, entropy / speech) }
        }
        return best.warp
    }

    /// The moments that runs over a sound begin with.
    private static func runStarts(_ bands: MelBands) -> [Int] {
        Array(stride(from: 0, to: bands.count, by: runLength - 2 * context))
    }

    /// The outputs of a run that count: those that heard enough on either side.
    private static func usedOutputs(_ bands: MelBands, from first: Int) -> Range<Int> {
        let range = context / 2..<(runLength - context) / 2
        return range.prefix((bands.count + 1) / 2 - first / 2)
    }

    /// Runs the network over a part of a sound.
    private func listen(_ bands: MelBands, _ scale: [MelBands.Scale], _ warp: FormantWarp, from first: Int) throws {
        session.withInput { input in
            for band in 0..<MelTriangles.count {
                let offset = warp.read(band) { scale[$0].offset }
                let divisor = warp.read(band) { scale[$0].divisor }
                for index in 0..<Self.runLength {
                    let moment = first - Self.context + index
                    let isHeard = moment >= 0 && moment < bands.count
                    input[band * Self.runLength + index] =
                        isHeard ? (warp.read(band) { bands[moment, $0] } - offset) / divisor : 0
                }
            }
        }
        try session.run()
    }
}
