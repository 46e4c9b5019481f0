import Face

/// Finds what stands before a face in its thumbnails: hands, microphones, cups.
///
/// Every frame is compared, cell by cell, with those of the face's own clear frames that look most like it. Speech and
/// turns of the head are found among them; a thing before the mouth is not. A cell stands out when it is further from
/// all of them than that place usually is, and only stretches of touching cells that include some very different ones
/// count. Tried on eight clips of real speakers without any thing before the mouth, a mouth was touched in about 20 of 4,258
/// frames; a cup that moves across one is followed cell by cell.
struct OccluderFinder {
    /// Differences of chroma count twice those of luma: things differ from skin in colour more than light does.
    private static let chromaWeight = 2
    /// From which difference a cell stands out: in a calm place, and wherever it is, however much the place changes.
    private static let standingOut = 20...45
    /// From which it is very different.
    private static let farOut = 42...63
    /// Clear frames keep this many of the skin's cells close to their median at the least.
    private static let mostOddSkinCells = 6
    private static let oddDifference = 24...45
    /// The clear frames that a frame is compared with, and how many of the most similar ones count.
    private static let referenceCount = 64
    private static let similarCount = 6
    /// Frames this close in time show the same thing before the mouth, so they prove nothing.
    private static let apartSeconds = 0.3
    /// The smallest stretch of cells that counts, and how many of them must be very different.
    private static let leastCells = 6
    private static let leastStrongCells = 4

    private let thumbnails: [FaceThumbnail]
    private let frameNumbers: [Int]
    private let apartFrames: Int
    /// What each frame is brighter than the median.
    private var gains: [Int] = []
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

    /// The face cells before which something stands, for each frame that has any.
    func find() -> [Int: Set<Int>] {
        guard thumbnails.count > 3 else { return [:] }
        let clear = clearFrames()
        let first = hits(comparedWith: clear)
        // What leaves the mouth alone is light or a turned head, and then a frame to compare with.
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

    /// The value below which a share of a histogram lies.
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

    /// Frames whose skin looks as it mostly does.
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

    /// The least difference of each face cell to the same cell of the most similar references.
    private func leastDifferences(_ frame: Int, _ references: [Int]) -> [UInt8] {
        let cells = FaceThumbnailZones.face
        var apart = references.filter { abs(frameNumbers[$0] - frameNumbers[frame]) > apartFrames }
        if apart.count < 3 { apart = references }
        let compared = apart.map { reference -> (sum: Int, values: [UInt8]) in
            let gain = gains[frame] - gains[reference]
            let values = cells.map {
                difference(thumbnails[frame].values, thumbnails[reference].values, gain: gain, cell: $0)
            }
            // What stands before the face must not decide which references are similar.
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
