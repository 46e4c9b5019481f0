import Inference

/// The project's network from sound to mouth motion: Whisper's first blocks and heads of our own.
///
/// docs/mouth-network.md is its model card. It takes `SpeechWindows`; the mouth comes out every 20 ms.
public final class MouthNetwork: SpeechEncoder {
    /// The network's file in the folder of the models.
    public static let fileName = "mouth-network.onnx"

    private static let visemeCount = 15
    /// Places of the visemes that are used, in the network's order.
    private static let (silence, shutLips, lipOnTeeth) = (0, 1, 2)

    private let session: any InferenceSession
    private let curves: Int
    private let visemes: Int

    /// Loads the network from the folder of the models.
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    public init(folder: String, runtime: any InferenceRuntime) throws {
        let path = folder + "/" + Self.fileName
        let session = try runtime.load(path, inputShape: nil, threadCount: 1)
        // The runtime may give an output another of its names; their sizes tell them apart.
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

    /// Begins a sound; windows of it are heard as soon as they are there.
    public func listen() -> any SpeechListener { MouthNetworkListener(self) }

    /// Runs the network over a window and adds the outputs that count to `motion`.
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

/// A sound that `MouthNetwork` hears, window by window as it comes: memory grows with the outputs alone.
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
