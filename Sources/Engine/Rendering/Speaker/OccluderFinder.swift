import Face

/// Finds things that cover a face in its thumbnails: hands, microphones, cups.
///
/// Every frame is compared, cell by cell, with those of the face's own clear frames that are most similar to it. Speech
/// and turns of the head occur among those; a thing before the mouth does not. A cell stands out when it differs from
/// all of them by more than that place usually does, and only connected groups of cells that include some very
/// different ones count.
///
/// The constants were tried together on eight clips of real speakers without anything before the mouth: a mouth was
/// reported covered in about 20 of 4,258 frames. A cup that moves across one is followed cell by cell. No single one
/// was measured. A difference is the root of the sum of the squared differences of luma and, times `chromaWeight`, of
/// both chroma values, 0…255, after the frames' brightness has been equalised.
struct OccluderFinder {
    /// The weight of chroma in a difference; luma has 1. Things differ from skin in colour, changes of light hardly do.
    private static let chromaWeight = 2
    /// The difference above which a cell stands out is twice its 95th percentile over the clear frames, limited to this
    /// range.
    private static let standingOut = 20...45
    /// The difference above which a cell is very different; the limits belong to those of `standingOut`.
    private static let farOut = 42...63
    /// In a clear frame at most this many cells of skin are odd.
    private static let mostOddSkinCells = 6
    /// A cell of skin is odd when it differs from its median by more than four times what it usually does, limited to
    /// this range.
    private static let oddDifference = 24...45
    /// A frame is compared with about this many clear frames, evenly spread over the clip: bounds the time.
    private static let referenceCount = 64
    /// Of these, the differences from this many most similar ones are used.
    private static let similarCount = 6
    /// Clear frames less than this many seconds away are not compared: they may show the same thing before the mouth.
    private static let apartSeconds = 0.3
    /// A connected group of fewer cells does not count.
    private static let leastCells = 6
    /// At least this many cells of a group must be very different.
    private static let leastStrongCells = 4

    private let thumbnails: [FaceThumbnail]
    private let frameNumbers: [Int]
    private let apartFrames: Int
    /// How much brighter the skin of each frame is than the median, in luma.
    private var gains: [Int] = []
    /// The median over all frames of each value of a thumbnail.
    private var median: [UInt8] = []

    /// - Parameter frameNumbers: Ascending, one for each thumbnail.
    init(_ thumbnails: [FaceThumbnail], frameNumbers: [Int], framesPerSecond: Double) {
        self.thumbnails = thumbnails
        self.frameNumbers = frameNumbers
        apartFrames = Int((Self.apartSeconds * framesPerSecond).rounded())
        median = medians()
        gains = thumbnails.map { thumbnail in
            let differences = FaceThumbnailZones.skin.map { Int(thumbnail.values[$0]) - Int(median[$0]) }.sorted()
            return differences[differences.count / 2]
        }
    }

    /// For each frame (by its index in the thumbnails) the covered cells; frames without any are missing.
    func find() -> [Int: Set<Int>] {
        guard thumbnails.count > 3 else { return [:] }
        let clear = clearFrames()
        let first = hits(comparedWith: clear)
        // Hits that do not touch the mouth come from light or a turned head; such frames can serve as references too.
        let mouth = Set(FaceThumbnailZones.mouth)
        let clearer = thumbnails.indices.filter { first[$0]?.isDisjoint(with: mouth) ?? true }
        return clearer.count > clear.count ? hits(comparedWith: clearer) : first
    }

    private func medians() -> [UInt8] {
        let count = 3 * FaceThumbnail.cellCount
        var histogram = [Int32](repeating: 0, count: 256)
        return (0..<count).map { place in
            for value in histogram.indices { histogram[value] = 0 }
            for thumbnail in thumbnails { histogram[Int(thumbnail.values[place])] += 1 }
            return UInt8(Self.quantile(histogram, 0.5))
        }
    }

    /// The quantile of a histogram at a share, 0…1.
    private static func quantile(_ histogram: [Int32], _ share: Double) -> Int {
        let wanted = Int32(share * Double(histogram.reduce(0, +)))
        var sum: Int32 = 0
        for (value, count) in histogram.enumerated() {
            sum += count
            if sum > wanted { return value }
        }
        return histogram.count - 1
    }

    private static func clamp(_ value: Int, to range: ClosedRange<Int>) -> Int {
        min(max(value, range.lowerBound), range.upperBound)
    }

    /// The frames whose skin looks as usual; at least three tenths of all frames, the least odd ones.
    private func clearFrames() -> [Int] {
        let cells = FaceThumbnailZones.skin
        var histograms = [[Int32]](repeating: Array(repeating: 0, count: 256), count: cells.count)
        let differences = thumbnails.indices.map { frame -> [UInt8] in
            cells.map { difference(thumbnails[frame].values, median, gain: gains[frame], cell: $0) }
        }
        for frame in differences { for (place, value) in frame.enumerated() { histograms[place][Int(value)] += 1 } }
        let limits = histograms.map { Self.clamp(4 * Self.quantile($0, 0.5), to: Self.oddDifference) }
        let odd = differences.map { frame in zip(frame, limits).count { Int($0) > $1 } }
        let clear = odd.indices.filter { odd[$0] <= Self.mostOddSkinCells }
        guard clear.count * 10 < odd.count * 3 else { return clear }
        return odd.indices.sorted { (odd[$0], $0) < (odd[$1], $1) }.prefix((odd.count * 3 + 9) / 10).sorted()
    }

    private func hits(comparedWith clear: [Int]) -> [Int: Set<Int>] {
        let cells = FaceThumbnailZones.face
        let step = max(1, (clear.count + Self.referenceCount - 1) / Self.referenceCount)
        let references = stride(from: 0, to: clear.count, by: step).map { clear[$0] }
        let differences = thumbnails.indices.map { leastDifferences($0, references) }
        var histograms = [[Int32]](repeating: Array(repeating: 0, count: 256), count: cells.count)
        for frame in clear {
            for (place, value) in differences[frame].enumerated() { histograms[place][Int(value)] += 1 }
        }
        let limits = histograms.map { Self.clamp(2 * Self.quantile($0, 0.95), to: Self.standingOut) }
        var hits: [Int: Set<Int>] = [:]
        for frame in thumbnails.indices {
            let found = stretches(differences[frame], limits)
            if !found.isEmpty { hits[frame] = found }
        }
        return hits
    }

    /// For each face cell the least difference from the same cell of the most similar references.
    private func leastDifferences(_ frame: Int, _ references: [Int]) -> [UInt8] {
        let cells = FaceThumbnailZones.face
        var apart = references.filter { abs(frameNumbers[$0] - frameNumbers[frame]) > apartFrames }
        if apart.count < 3 { apart = references }
        let compared = apart.map { reference -> (sum: Int, values: [UInt8]) in
            let gain = gains[frame] - gains[reference]
            let values = cells.map {
                difference(thumbnails[frame].values, thumbnails[reference].values, gain: gain, cell: $0)
            }
            // Large differences are clamped, so that a covering thing does not decide which references are similar.
            return (values.reduce(0) { $0 + min(Int($1), 60) }, values)
        }.sorted { $0.sum < $1.sum }
        var least = [UInt8](repeating: 255, count: cells.count)
        for reference in compared.prefix(Self.similarCount) {
            for place in least.indices { least[place] = min(least[place], reference.values[place]) }
        }
        return least
    }

    @inline(__always)
    private func difference(_ a: [UInt8], _ b: [UInt8], gain: Int, cell: Int) -> UInt8 {
        let luma = Int(a[cell]) - Int(b[cell]) - gain
        let blueAt = FaceThumbnail.cellCount + cell
        let redAt = 2 * FaceThumbnail.cellCount + cell
        let blue = Self.chromaWeight * (Int(a[blueAt]) - Int(b[blueAt]))
        let red = Self.chromaWeight * (Int(a[redAt]) - Int(b[redAt]))
        let squares = Float(luma * luma + blue * blue + red * red)
        return UInt8(min(squares.squareRoot(), 255))
    }

    /// Touching cells that stand out, where there are enough of them and some stand out far.
    private func stretches(_ differences: [UInt8], _ limits: [Int]) -> Set<Int> {
        var out: [Int: Bool] = [:]
        for (place, cell) in FaceThumbnailZones.face.enumerated() where Int(differences[place]) > limits[place] {
            out[cell] = Int(differences[place]) > Self.clamp(limits[place] * 3 / 2, to: Self.farOut)
        }
        var found: Set<Int> = []
        var visited: Set<Int> = []
        for cell in out.keys where !visited.contains(cell) {
            var stretch = [cell]
            visited.insert(cell)
            var next = 0
            while next < stretch.count {
                for neighbour in FaceThumbnailZones.neighbours[stretch[next]]
                where out[neighbour] != nil && visited.insert(neighbour).inserted {
                    stretch.append(neighbour)
                }
                next += 1
            }
            guard stretch.count >= Self.leastCells, stretch.count(where: { out[$0] == true }) >= Self.leastStrongCells
            else { continue }
            found.formUnion(stretch)
        }
        return found
    }
}
