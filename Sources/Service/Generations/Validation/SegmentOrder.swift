extension Segment {
    /// Whether it stands before another one in a video. A range in seconds and one in frames are not compared.
    public func precedes(_ other: Segment) -> Bool {
        switch (range, other.range) {
        case (.seconds(let left, let leftEnd), .seconds(let right, let rightEnd)):
            (left, leftEnd) < (right, rightEnd)
        case (.frames(let left, _), .frames(let right, _)): left < right
        default: false
        }
    }

    /// The first two segments in seconds that overlap, by their places in the list, the one that begins earlier first;
    /// nil where none do. Segments that only touch do not overlap.
    public static func overlap(in segments: [Segment]) -> (earlier: Int, later: Int)? {
        let sorted = segments.enumerated().compactMap { index, segment -> (index: Int, start: Double, end: Double)? in
            guard case .seconds(let start, let end) = segment.range else { return nil }
            return (index, start, end)
        }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        for (earlier, later) in zip(sorted, sorted.dropFirst()) where later.start < earlier.end {
            return (earlier.index, later.index)
        }
        return nil
    }
}
