import Glibc
import Inference
import Speech

/// Kokoro-82M: a network that turns symbols into speech and tells how long each of them is.
///
/// It is run in a confined child, on one thread, 2.2 to 2.9 times as fast as real time on one core (measured).
public final class VoiceNetwork {
    /// The network's file.
    private static let fileName = "kokoro.xml"
    /// Samples a second of what the network makes.
    public static let sampleRate = 24_000
    /// Samples of one step of the network's durations: 25 ms.
    static let stepSamples = 600

    /// Whether the network lies in a folder.
    public static func isInstalled(in folder: String) -> Bool { access("\(folder)/\(fileName)", R_OK) == 0 }

    private let session: any DynamicSession

    /// Loads the network, which takes about 2 s.
    ///
    /// - Parameters:
    ///   - folder: Holds the network.
    ///   - runtimeFolder: Holds OpenVINO.
    /// - Throws: `SynthesisFailure` of code `missing`.
    public init(folder: String, runtimeFolder: String) throws(SynthesisFailure) {
        do {
            session = try OpenVINO.shared(folder: runtimeFolder)
                .loadDynamic("\(folder)/\(Self.fileName)", threadCount: 1)
        } catch {
            throw SynthesisFailure(.missing, detail: "\(error)")
        }
    }

    /// Speaks one run.
    ///
    /// - Parameters:
    ///   - symbols: 1 to 510 symbols of `VoiceSymbols`.
    ///   - pace: A factor of the voice's own pace.
    ///   - pitch: A factor of the voice's own pitch.
    /// - Throws: `SynthesisFailure` of code `failed`.
    func speak(
        _ symbols: [Unicode.Scalar], style: VoiceStyle, pace: Double, pitch: Double
    ) throws(SynthesisFailure) -> NetworkTake {
        let tokens = [0] + symbols.compactMap(VoiceSymbols.token) + [0]
        guard tokens.count == symbols.count + 2, (1...VoiceStyle.rowCount).contains(symbols.count) else {
            throw SynthesisFailure(.failed, detail: "\(symbols.count) symbols, some unknown or too many")
        }
        let outputs: [[Float]]
        do {
            outputs = try session.run(
                [
                    "tokens": Tensor(.integers(tokens), shape: [1, tokens.count]),
                    "style": Tensor(
                        .floats(style.row(symbolCount: symbols.count)), shape: [1, VoiceStyle.columnCount]),
                    "speed": Tensor([Float(pace)]), "pitch": Tensor([Float(pitch)]),
                ], outputs: ["audio", "durations"])
        } catch {
            throw SynthesisFailure(.failed, detail: "\(error)")
        }
        let steps = outputs[1].map { Int($0.rounded()) }
        guard steps.count == tokens.count, steps.reduce(0, +) * Self.stepSamples == outputs[0].count,
            outputs[0].allSatisfy(\.isFinite)
        else {
            let sum = steps.reduce(0, +) * Self.stepSamples
            throw SynthesisFailure(
                .failed,
                detail: "\(steps.count) durations of \(sum) samples for \(tokens.count) symbols and "
                    + "\(outputs[0].count) samples, or a sample that is no number")
        }
        return NetworkTake(symbols: symbols, samples: outputs[0], steps: steps)
    }
}
