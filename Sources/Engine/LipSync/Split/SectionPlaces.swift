/// Where an output is cut into sections that are drawn and encoded one by one. Every frame is planned before, so that a cut
/// changes no frame in any mode; what it costs is decoding on the way to the first source frame of a section.
package struct SectionPlaces {
    private let timeline: OutputTimeline
    private let keyFrames: [Int]
    private let shotStarts: Set<Int>
    private let separatesParts: Bool

    /// - Parameters:
    ///   - keyFrames: The source frames at which decoding can begin, ascending.
    ///   - shotStarts: The first source frame of each shot.
    ///   - separatesParts: Whether the plan's only part is written as a file of its own too, so that no section may lie across
    ///     its ends.
    package init(timeline: OutputTimeline, keyFrames: [Int], shotStarts: Set<Int>, separatesParts: Bool) {
        self.timeline = timeline
        self.keyFrames = keyFrames
        self.shotStarts = shotStarts
        self.separatesParts = separatesParts
    }

    /// A cut elsewhere than at a shot's beginning costs a picture that is coded without others. So many frames that are decoded
    /// for nothing are worth that. Unmeasured.
    private static let keyPictureCost = 8

    /// The fewest sections.
    package var wholePieces: [Range<Int>] {
        SplitPlaces.pieces(of: 0..<timeline.frameCount, count: 1, forced: borders) { _ in nil }
    }

    private var borders: [Int] { separatesParts ? timeline.pieces.map(\.firstFrame) : [] }

    /// The sections in order.
    package func sections(_ rule: SplitRule, framesPerSecond: Double) -> [Range<Int>] {
        let count = timeline.frameCount
        let wanted = rule.pieceCount(ofSeconds: Double(count) / framesPerSecond)
        return SplitPlaces.pieces(of: 0..<count, count: wanted, forced: borders, cost: cost)
    }

    /// The frames that are decoded for nothing when a section begins with an output frame: from the key frame before its source
    /// frame on, where the source runs forward, and what follows it in its group, where it runs backward.
    private func cost(_ index: Int) -> Int? {
        let begins =
            shotStarts.contains(timeline.sourceFrame(at: index)) || timeline.piece(at: index).firstFrame == index
        return decodedInVain(index) + (begins ? 0 : Self.keyPictureCost)
    }

    private func decodedInVain(_ index: Int) -> Int {
        let piece = timeline.piece(at: index)
        let here = piece.sourceFrame(at: index)
        let runsBackward = index > piece.firstFrame && piece.sourceFrame(at: index - 1) > here
        guard runsBackward else { return here - keyFrame(atOrBefore: here) }
        // The section before shows the rest of the group, so that both decode its beginning.
        let start = keyFrame(atOrBefore: here)
        return keyFrame(atOrBefore: here + 1) > start ? 0 : here - start + 1
    }

    private func keyFrame(atOrBefore frame: Int) -> Int {
        var low = 0
        var high = keyFrames.count
        while low < high {
            let middle = (low + high) / 2
            if keyFrames[middle] <= frame { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? keyFrames[low - 1] : 0
    }
}
