/// What a generation would cost before it is made.
public struct CostEstimate: Hashable, Sendable {
    /// Frames of the output.
    public let frameCount: Int
    /// US dollars.
    public let cost: Double

    /// Frames of an output that long, times the rate.
    public init(outputSeconds: Double, framesPerSecond: Double, ratePerFrame: Double) {
        let frames = (max(outputSeconds, 0) * max(framesPerSecond, 0)).rounded()
        frameCount = frames.isFinite && frames < 1e15 ? Int(frames) : 0
        // To a millionth of a dollar, so that no binary remainder shows.
        cost = (Double(frameCount) * ratePerFrame * 1_000_000).rounded() / 1_000_000
    }
}

/// What the operator asks for each frame, in US dollars: nothing unless set.
public struct PriceList: Hashable, Sendable {
    /// The rate of each model that has one.
    public var ratePerFrame: [String: Double]

    public init(ratePerFrame: [String: Double] = [:]) { self.ratePerFrame = ratePerFrame }

    /// The rate of a model.
    public func rate(of model: String) -> Double { ratePerFrame[model] ?? 0 }
}

extension SyncMode {
    /// How long the output is. Lengths that differ by less than half a frame count as equal.
    public func outputSeconds(video: Double, voice: Double, framesPerSecond: Double = 25) -> Double {
        if abs(video - voice) * framesPerSecond < 0.5 { return video }
        return switch self {
        case .bounce, .loop, .remap: voice
        case .cutOff: min(video, voice)
        case .silence: max(video, voice)
        }
    }
}

extension LipSyncOrder {
    /// What a video without a sync mode gets.
    public static let defaultSyncMode = SyncMode.bounce

    /// How long the output will be, from the lengths of the visual input (nil for a picture) and of the sound of each
    /// input by its position. Segments count one by one; the rest of the video keeps its length.
    public func outputSeconds(video: Double?, voices: [Int: Double], framesPerSecond: Double) -> Double {
        let mode = options.syncMode ?? Self.defaultSyncMode
        guard let video else { return voices.values.max() ?? 0 }
        if segments.isEmpty {
            guard let voice = voices.values.max() else { return video }
            return mode.outputSeconds(video: video, voice: voice, framesPerSecond: framesPerSecond)
        }
        return segments.reduce(video) { total, segment in
            let part: Double
            switch segment.range {
            case .seconds(let start, let end): part = end - start
            case .frames(let first, let end): part = Double(end - first) / framesPerSecond
            }
            let voice = segment.voiceCrop.map { $0.end - $0.start } ?? voices[segment.voiceInput] ?? part
            let partMode = segment.options.syncMode ?? mode
            let output = partMode.outputSeconds(video: part, voice: voice, framesPerSecond: framesPerSecond)
            return total - part + output
        }
    }
}
