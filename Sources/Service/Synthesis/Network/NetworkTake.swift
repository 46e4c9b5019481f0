import Foundation

/// What the network made of one run: the sound without the silence around it, and the times of its phones.
public struct NetworkTake: Sendable {
    /// The vocoder speaks that much earlier than the durations say, in seconds: median of 367 phones against an alignment of
    /// the same sound, 65 to 75 ms.
    private static let lagSeconds = 0.065
    /// Silence that is kept at both ends, in seconds. Unmeasured.
    private static let marginSeconds = 0.05
    /// Sound that is weaker than the loudest 10 ms by this factor is silence: -38 dB, by looking at pauses.
    private static let silenceFactor = Float(0.012589)
    /// The window in which loudness is measured: 10 ms.
    private static let windowSamples = VoiceNetwork.sampleRate / 100
    /// Both ends are faded over 5 ms, so that joins do not click.
    private static let fadeSamples = VoiceNetwork.sampleRate / 200

    /// The sound; full scale is 1, and some voices go beyond it.
    public let samples: [Float]
    /// The phones, in seconds of `samples`, in order.
    public let spans: [PhoneSpan]

    /// - Parameters:
    ///   - steps: The durations of the symbols and of the silence at both ends, in steps of `VoiceNetwork.stepSamples`.
    init(symbols: [Unicode.Scalar], samples: [Float], steps: [Int]) {
        let isLoud = Self.loudWindows(samples)
        guard let firstLoud = isLoud.firstIndex(of: true), let lastLoud = isLoud.lastIndex(of: true) else {
            self.samples = []
            spans = []
            return
        }
        let length = Double(samples.count) / Double(VoiceNetwork.sampleRate)
        let first = max(0, Double(firstLoud) / 100 - Self.marginSeconds)
        let last = min(length, Double(lastLoud + 1) / 100 + Self.marginSeconds)
        var kept = Array(
            samples[Int(first * Double(VoiceNetwork.sampleRate))..<Int(last * Double(VoiceNetwork.sampleRate))])
        for index in 0..<min(Self.fadeSamples, kept.count) {
            let gain = Float(index) / Float(Self.fadeSamples)
            kept[index] *= gain
            kept[kept.count - 1 - index] *= gain
        }
        self.samples = kept
        spans = Self.spans(symbols, steps: steps, lengthSeconds: length, isLoud: isLoud).compactMap { span in
            var moved = span
            moved.startSeconds = max(span.startSeconds, first) - first
            moved.endSeconds = min(span.endSeconds, last) - first
            return moved.endSeconds > moved.startSeconds ? moved : nil
        }
    }

    private static func loudWindows(_ samples: [Float]) -> [Bool] {
        let energies = stride(from: 0, to: samples.count, by: windowSamples).map { start in
            let window = samples[start..<min(start + windowSamples, samples.count)]
            return (window.reduce(0) { $0 + $1 * $1 } / Float(window.count)).squareRoot()
        }
        let limit = (energies.max() ?? 0) * silenceFactor
        return energies.map { $0 > limit }
    }

    private static func spans(
        _ symbols: [Unicode.Scalar], steps: [Int], lengthSeconds: Double, isLoud: [Bool]
    ) -> [PhoneSpan] {
        var starts: [(symbol: Unicode.Scalar?, seconds: Double)] = []
        var stressSeconds: Double?
        var step = steps[0]
        for (index, symbol) in symbols.enumerated() {
            let seconds = max(
                0, Double(step * VoiceNetwork.stepSamples) / Double(VoiceNetwork.sampleRate) - lagSeconds)
            step += steps[index + 1]
            if VoiceSymbols.stresses.contains(symbol) {
                // A stressed vowel begins at its mark.
                stressSeconds = stressSeconds ?? seconds
            } else if symbol == " " {
                // A space is no silence: its time is that of the phone before it.
                stressSeconds = nil
            } else if !VoiceSymbols.modifiers.contains(symbol) || starts.isEmpty {
                let isSound = !VoiceSymbols.pauses.contains(symbol) && !"\"()“”".unicodeScalars.contains(symbol)
                starts.append((isSound ? symbol : nil, stressSeconds ?? seconds))
                stressSeconds = nil
            }
        }
        var spans: [PhoneSpan] = []
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1].seconds : lengthSeconds
            guard let symbol = start.symbol, end > start.seconds else { continue }
            var stop = end
            if index + 1 == starts.count || starts[index + 1].symbol == nil {
                // The phone before a pause gets up to 0.5 s of silence: it ends where its sound does.
                let windows = Int((start.seconds * 100).rounded())..<min(Int((end * 100).rounded()), isLoud.count)
                let heard = windows.isEmpty ? nil : isLoud[windows].lastIndex(of: true)
                stop = min(end, heard.map { Double($0 + 2) / 100 } ?? start.seconds + 0.05)
            }
            spans.append(
                PhoneSpan(
                    phones: InternationalPhones.mouthPhones(of: VoiceSymbols.phonetic(symbol)),
                    startSeconds: start.seconds, endSeconds: max(stop, start.seconds)))
        }
        return spans
    }
}

extension NetworkTake: Codable {
    private enum CodingKeys: String, CodingKey {
        case samples, spans
    }

    /// Reads samples as little-endian floats in base64; others would be a megabyte of digits for every five seconds.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let data = try container.decode(Data.self, forKey: .samples)
        samples = data.withUnsafeBytes { bytes in
            (0..<data.count / 4).map { index in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
            }
        }
        guard samples.allSatisfy(\.isFinite) else {
            throw DecodingError.dataCorruptedError(
                forKey: .samples, in: container, debugDescription: "a sample is no number")
        }
        spans = try container.decode([PhoneSpan].self, forKey: .spans)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var data = Data(capacity: samples.count * 4)
        for sample in samples {
            withUnsafeBytes(of: sample.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        try container.encode(data, forKey: .samples)
        try container.encode(spans, forKey: .spans)
    }
}
