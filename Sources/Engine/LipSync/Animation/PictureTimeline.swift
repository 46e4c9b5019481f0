/// Which picture is shown at each moment, and how far it has turned into the next.
struct PictureTimeline: Sendable {
    /// Where in the video a change begins and ends, in seconds; one for each picture but the first.
    private let changes: [ClosedRange<Double>]
    /// The longest change between pictures that share a video.
    private static let longestChangeSeconds = 1.6

    /// - Parameter durationSeconds: Of the video.
    init(_ cues: [PictureCue], durationSeconds: Double) {
        var end = 0.0
        changes = cues.indices.dropFirst().map { index in
            let wanted: ClosedRange<Double>
            if let change = cues[index].change {
                let start = max(change.startSeconds, 0)
                wanted = start...start + max(change.durationSeconds, 0)
            } else if cues.count == 2 {
                wanted = 0...durationSeconds
            } else {
                let share = durationSeconds / Double(cues.count)
                let half = min(Self.longestChangeSeconds, share / 2) / 2
                let middle = share * Double(index)
                wanted = middle - half...middle + half
            }
            // Changes follow one another; one that comes too early waits for the one before it.
            let start = max(wanted.lowerBound, end)
            end = max(wanted.upperBound, start)
            return start...end
        }
    }

    /// The picture at a time and the share of the way to the next one, 0…1 (1 is never returned: then it is the next).
    func picture(atSeconds seconds: Double) -> (index: Int, share: Float) {
        guard let next = changes.firstIndex(where: { seconds < $0.upperBound }) else { return (changes.count, 0) }
        let change = changes[next]
        guard seconds > change.lowerBound else { return (next, 0) }
        return (next, Float((seconds - change.lowerBound) / (change.upperBound - change.lowerBound)))
    }
}
