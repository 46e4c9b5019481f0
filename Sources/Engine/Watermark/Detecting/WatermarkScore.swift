import Foundation

/// How well the faces of a clip fit the mark of one key.
public struct WatermarkScore: Codable, Sendable {
    /// How far the pilots agree with the key's signs, in standard deviations of what signs agree by chance.
    public var score: Double
    /// Whether the mark is there: the score is high enough, by itself or together with the identifier's checksum.
    public var isMarked: Bool
    /// The mark's identifier; `nil` where its checksum is wrong or no mark is there.
    public var identifier: UInt32?
    /// The clip's speed relative to the one at which it was drawn.
    public var speed: Double
    /// The probability, at most, that a search reaches such a score where the key was never used, 0…1.
    ///
    /// Signs that know nothing of a clip reach the score t in one try with at most exp(−t²/2), whatever the clip
    /// (Hoeffding, J. Am. Stat. Assoc. 58, 13, 1963); a search tries phases, speeds and both sides of the picture. A right
    /// checksum takes another factor of 2⁻¹⁶.
    public var chanceBound: Double

    /// What there is to say of faces that could not be examined.
    static let none = WatermarkScore(score: 0, isMarked: false, identifier: nil, speed: 1, chanceBound: 1)
}

extension WatermarkScore {
    /// Phases of the wave that are tried: with 16, at most 2 % of the score is missed (Lipsmith's watermark study).
    private static let phaseCount = 16
    /// A clip is looked at as it is and mirrored.
    private static let sideCount = 2
    /// Carriers of more than this many times the median size count no more than at it (Lipsmith's watermark study).
    private static let largest: Float = 1.5

    /// The best of the speeds.
    init(_ spectra: [CarrierSpectrum], key: WatermarkKey, speeds: WatermarkSpeeds) {
        self = .none
        guard let carrierCount = spectra.first?.values.count else { return }
        let (pilots, data) = (CarrierRoles.pilots(carrierCount), CarrierRoles.data(carrierCount))
        let signs = key.signs(.pilot, count: pilots.count)
        var best: [SIMD2<Float>] = []
        for spectrum in spectra {
            let values = Self.limited(spectrum.values)
            let score = Self.score(pilots.map { values[$0] }, signs)
            guard score > self.score else { continue }
            self.score = score
            speed = spectrum.speed
            best = values
        }
        guard !best.isEmpty else { return }
        // Turned to the phase that the pilots give.
        let phase = zip(pilots, signs).reduce(SIMD2<Float>.zero) { $0 + best[$1.0] * $1.1 }
        let code = WatermarkCode(key: key, carrierCount: data.count)
        let found = code.identifier(in: data.map { (best[$0] * phase).sum() })
        isMarked = score >= (found == nil ? speeds.threshold : speeds.thresholdWithIdentifier)
        identifier = isMarked ? found : nil
        let tries = Double(Self.phaseCount * spectra.count * Self.sideCount)
        chanceBound = min(1, tries * exp(-score * score / 2) * (identifier == nil ? 1 : exp2(-16)))
    }

    private static func limited(_ values: [SIMD2<Float>]) -> [SIMD2<Float>] {
        let sizes = values.map { ($0 * $0).sum().squareRoot() }
        let limit = largest * sizes.sorted()[sizes.count / 2] + 1e-12
        return zip(values, sizes).map { $0 / max($1, limit) }
    }

    private static func score(_ values: [SIMD2<Float>], _ signs: [Float]) -> Double {
        var best = 0.0
        for phase in 0..<phaseCount {
            let angle = 2 * Double.pi * Double(phase) / Double(phaseCount)
            let direction = SIMD2(Float(cos(angle)), Float(sin(angle)))
            var (sum, squares) = (0.0, 0.0)
            for (value, sign) in zip(values, signs) {
                let part = Double((value * direction).sum())
                sum += part * Double(sign)
                squares += part * part
            }
            if squares > 0 { best = max(best, sum / squares.squareRoot()) }
        }
        return best
    }
}
