public import Inference

/// The project's network from sound to mouth motion: the first blocks of Whisper's encoder with heads trained for this.
///
/// docs/mouth-network.md is its model card. Its inputs are `SpeechWindows`; it gives one value of each curve every 20
/// ms.
public final class MouthNetwork: SpeechEncoder {
    /// The network's file in the folder of the models.
    public static let fileName = "mouth-network.onnx"

    /// Rows of the viseme output, set by the training.
    private static let visemeCount = 15
    /// The rows of the visemes that are used.
    private static let (silence, shutLips, lipOnTeeth) = (0, 1, 2)

    private let session: any InferenceSession
    private let curves: Int
    private let visemes: Int

    /// Loads the network from the folder of the models, for one thread.
    ///
    /// - Throws: `InferenceError` of kind `modelUnreadable` when the file is missing or has other inputs or outputs.
    public init(folder: String, runtime: any InferenceRuntime) throws {
        let path = folder + "/" + Self.fileName
        let session = try runtime.load(path, inputShape: nil, threadCount: 1)
        // The runtime may report an output under another of its names; their sizes identify them.
        func output(ofRows count: Int) -> Int? {
            session.outputNames.indices.first { number in
                session.withOutput(number) { $0.count == count * SpeechWindows.length / 2 }
            }
        }
        guard let curves = output(ofRows: 3), let visemes = output(ofRows: Self.visemeCount),
            session.inputCount == SpeechWindows.bandCount * SpeechWindows.length
        else { throw InferenceError(.modelUnreadable, detail: "\(path) has other inputs or outputs") }
        self.session = session
        self.curves = curves
        self.visemes = visemes
    }

    /// Begins a sound. The network runs whenever the sound given so far completes a window.
    public func listen() -> any SpeechListener { MouthNetworkListener(self) }

    /// Runs the network over a window and appends the outputs that are used to `motion`.
    fileprivate func hear(_ window: SpeechWindows.Window, into motion: inout LearnedMotion) throws {
        session.withInput { input in
            for moment in 0..<SpeechWindows.length {
                for band in 0..<SpeechWindows.bandCount {
                    input[band * SpeechWindows.length + moment] = window.values[moment * SpeechWindows.bandCount + band]
                }
            }
        }
        try session.run()
        func row(_ values: UnsafeBufferPointer<Float>, _ number: Int) -> Slice<UnsafeBufferPointer<Float>> {
            let start = (number * SpeechWindows.length + SpeechWindows.context) / 2
            return values[start..<start + window.outputCount]
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
}

/// One sound on its way through `MouthNetwork`, window by window; memory grows with the outputs alone.
private struct MouthNetworkListener: SpeechListener {
    private let network: MouthNetwork
    private var windows = SpeechWindows()
    private var motion = LearnedMotion()

    init(_ network: MouthNetwork) { self.network = network }

    mutating func append(_ samples: ArraySlice<Float>) throws {
        windows.append(samples)
        while let window = windows.next() { try network.hear(window, into: &motion) }
    }

    mutating func finish() throws -> LearnedMotion {
        windows.finish()
        while let window = windows.next() { try network.hear(window, into: &motion) }
        return motion
    }
}
