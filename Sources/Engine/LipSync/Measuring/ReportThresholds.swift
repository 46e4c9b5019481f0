/// How good a measure is: the one table of limits.
struct ReportThreshold {
    /// The measure's name in verdicts.
    let measure: String
    /// Values that are good, and those that are at least fair.
    let good: ClosedRange<Double>
    let fair: ClosedRange<Double>

    func level(_ value: Double) -> RenderReport.Verdict.Level {
        good.contains(value) ? .good : fair.contains(value) ? .fair : .poor
    }

    private static let any = Double.infinity

    // Without another source, the limits come from the renders of docs/benchmarks.md: good is what the median clip reaches,
    // fair what the worst one does.

    /// The share of measured closures that are shown.
    static let closures = ReportThreshold(measure: "closures", good: 0.9...1, fair: 0.75...1)
    /// The correlation of drawn with wanted openings.
    static let opening = ReportThreshold(measure: "opening", good: 0.85...1, fair: 0.7...1)
    /// The mean of drawn openings over that of wanted ones: wide openings that a clip never shows come by about 60 %.
    static let amount = ReportThreshold(measure: "amount", good: 0.7...1.4, fair: 0.5...1.8)
    /// The correlation of drawn with wanted widths, which move less and are drawn less exactly.
    static let width = ReportThreshold(measure: "width", good: 0.6...1, fair: 0.35...1)
    /// The share of silent frames in which the mouth rests.
    static let rest = ReportThreshold(measure: "rest", good: 0.95...1, fair: 0.8...1)
    /// Milliseconds by which the picture is late. ITU-R BT.1359-1: noticed from 45 ms early and 125 ms late on, accepted up to
    /// 90 and 185 ms.
    static let offset = ReportThreshold(measure: "offset", good: -45...125, fair: -90...185)
    /// Ratios to the filmed mouth.
    static let sharpness = ReportThreshold(measure: "sharpness", good: 0.7...1.5, fair: 0.45...2.2)
    static let seam = ReportThreshold(measure: "seam", good: 0...1.2, fair: 0...1.5)
    static let flicker = ReportThreshold(measure: "flicker", good: 0...1.3, fair: 0...1.8)
    /// Samples that differ outside the drawn region: none may.
    static let outside = ReportThreshold(measure: "outside", good: 0...0, fair: 0...0)
    /// Decibels after encoding: from 40 on hardly anybody sees a difference, below 35 most do (usual reading of PSNR of 8-bit
    /// video).
    static let encoding = ReportThreshold(measure: "encoding", good: 40...any, fair: 35...any)
    /// The share of the frames to be drawn that are.
    static let coverage = ReportThreshold(measure: "coverage", good: 0.98...1, fair: 0.85...1)
    /// LUFS: between the programme loudness of EBU R 128 (−23, with its tolerance) and what streaming services play (−14).
    static let loudness = ReportThreshold(measure: "loudness", good: -24 ... -14, fair: -33 ... -9)
    /// Clipped samples a second of sound.
    static let clipping = ReportThreshold(measure: "clipping", good: 0...0, fair: 0...5)
    /// Decibels of speech over background: below 15 lips are noticeably worse, below 5 poor (speech-to-mouth study).
    static let noise = ReportThreshold(measure: "noise", good: 15...any, fair: 5...any)
}
