/// Speaks runs of symbols, in a confined child.
public final class NetworkSynthesizer {
    private let network: VoiceNetwork
    private let folder: String
    /// The voice that spoke last: a text is spoken by one voice.
    private var lastStyle: (name: String, style: VoiceStyle)?

    /// Loads the network.
    ///
    /// - Parameter folder: Holds the network and its voices.
    /// - Throws: `SynthesisFailure` of code `missing`.
    public init(folder: String, runtimeFolder: String) throws(SynthesisFailure) {
        network = try VoiceNetwork(folder: folder, runtimeFolder: runtimeFolder)
        self.folder = folder
    }

    /// Carries out an order of the parent process.
    public func answer(_ order: NetworkOrder) -> NetworkAnswer {
        do throws(SynthesisFailure) {
            return NetworkAnswer(
                take: try network.speak(
                    Array(order.symbols.unicodeScalars), style: try style(order.voice), pace: Self.factor(order.pace),
                    pitch: Self.factor(order.pitch)))
        } catch {
            return NetworkAnswer(failure: error)
        }
    }

    private func style(_ name: String) throws(SynthesisFailure) -> VoiceStyle {
        if let lastStyle, lastStyle.name == name { return lastStyle.style }
        let style = try VoiceStyle(name, folder: folder)
        lastStyle = (name, style)
        return style
    }

    private static func factor(_ value: Double) -> Double { value.isFinite ? min(max(value, 0.5), 2) : 1 }
}
