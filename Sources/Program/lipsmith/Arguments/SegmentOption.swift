import LipSync

/// `--segment START-END[@START-END]`: seconds of the clip, and seconds of the sound behind the @.
enum SegmentOption {
    private static let usage = UsageError(
        message: "--segment takes START-END in seconds of the clip, then @START-END of the sound if not all is used.")

    /// The plan's parts: one for each segment, in order of their starts; `part` itself without any.
    static func parts(_ texts: [String], _ part: RenderPart) throws -> [RenderPart] {
        guard !texts.isEmpty else { return [part] }
        let segments = try texts.map { text -> (start: Double, part: RenderPart) in
            let halves = text.split(separator: "@", omittingEmptySubsequences: false)
            guard (1...2).contains(halves.count) else { throw usage }
            let (start, end) = try range(halves[0])
            var part = part
            part.range = .seconds(start, end)
            if halves.count == 2 {
                let (start, end) = try range(halves[1])
                part.audioRange = TimeRange(startSeconds: start, endSeconds: end)
            }
            return (start, part)
        }
        return segments.sorted { $0.start < $1.start }.map(\.part)
    }

    private static func range(_ text: Substring) throws -> (Double, Double) {
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 2, let start = numbers[0], let end = numbers[1], start.isFinite, end.isFinite,
            end >= start
        else { throw usage }
        return (start, end)
    }
}
