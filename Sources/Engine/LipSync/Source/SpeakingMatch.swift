import Foundation
import Media
import Speech

/// The loudness of the clip's own sound on the picture's clock.
package struct SpeechEnvelope: Codable, Sendable {
    /// Decibels, one value every 10 ms.
    let levels: [Float]
    /// When the first value stands, seconds from the clip's first frame.
    let startSeconds: Double
    /// Parts of the sound are missing.
    let isDamaged: Bool

    package init(levels: [Float], startSeconds: Double, isDamaged: Bool = false) {
        self.levels = levels
        self.startSeconds = startSeconds
        self.isDamaged = isDamaged
    }

    /// Listens to a clip's own sound beside the given frames; `nil` when it has none.
    ///
    /// - Throws: `RenderFailure` of code `cancelled`.
    init?(_ clip: SourceClip, frames: [Range<Int>], cancellation: Cancellation) throws {
        let format = SoundFormat(sampleRate: LevelMeter.sampleRate, channelCount: 1)
        guard let first = frames.first?.lowerBound, let last = frames.last?.upperBound,
            let reader = clip.openSound(format)
        else { return nil }
        func sample(_ frame: Int) -> Int {
            let seconds = Double(min(frame, clip.info.estimatedFrameCount)) / clip.info.frameRate.value
            return max(0, Int(((seconds + clip.soundLeadSeconds) * Double(format.sampleRate)).rounded()))
        }
        let wanted = sample(first)..<max(sample(first), sample(last))
        var meter = LevelMeter()
        var position = 0
        var hasFailed = false
        // Damage ends the sound, not the work.
        func next() -> AudioBlock? {
            do { return try reader.next() } catch {
                hasFailed = true
                return nil
            }
        }
        while position < wanted.upperBound, let block = next() {
            try cancellation.check()
            let used = block.samples[0].prefix(wanted.upperBound - position).dropFirst(
                max(wanted.lowerBound - position, 0))
            position += block.frameCount
            meter.append(used)
        }
        meter.finish()
        guard !meter.levels.isEmpty else { return nil }
        levels = meter.levels
        isDamaged = hasFailed || reader.isDamaged
        startSeconds = Double(wanted.lowerBound) / Double(format.sampleRate) - clip.soundLeadSeconds
    }
}

/// Finds whose mouth moves with a sound: the speed of the gap between the lips goes up and down with the loudness of
/// speech, whatever is said.
///
/// Constants were tried on ten clips of real speakers, each against the mouths of the nine others (all of them speaking
/// too, to other sounds): the right one has the higher score in 81 % of windows of 3 s and in 92 % of 5 s.
struct SpeakingMatch {
    let speech: SpeechEnvelope
    let framesPerSecond: Double

    /// Both curves are compared on a grid of this many values a second.
    private static let rate = 50.0
    /// Half the width of the bell that smooths speed and loudness, in grid steps.
    private static let smoothing = 8
    /// Lags that are tried, in grid steps; positive: the picture is late. Clips of real speakers lie within.
    private static let lags = stride(from: -8, through: 12, by: 2)
    /// Shorter stretches tell nothing.
    private static let leastSeconds = 1.0
    /// A part that is shorter borrows from its surroundings up to this length.
    private static let wantedSeconds = 4.0
    /// A winner needs this correlation, and this lead in a stretch of `leadSeconds`; shorter ones need more.
    private static let leastScore: Float = 0.15
    private static let lead: Float = 0.1
    private static let leadSeconds = 5.0
    /// What a mouth that moves e times less than the liveliest one loses.
    private static let stillnessWeight: Float = 0.15
    /// Loudness is taken between its 10th and 95th percentile, which lie at least this far apart, decibels.
    private static let leastRange: Float = 10
    /// Sound below this is silence, decibels.
    private static let silence: Float = -60

    private struct Candidate {
        var record: Int
        var score: Float
        var speed: Float
        var seconds: Double
    }

    /// In each shot with a clear answer the index of the record that speaks.
    func speakers(_ records: [FaceRecord], in frames: Range<Int>) -> [Int: Int] {
        let missing = max(0, Int(Self.wantedSeconds * framesPerSecond) - frames.count)
        let window = frames.lowerBound - missing / 2..<frames.upperBound + missing / 2
        var winners: [Int: Int] = [:]
        for (shot, indices) in Dictionary(grouping: records.indices, by: { records[$0].shot }) {
            let seen = indices.filter { !records[$0].rows(in: frames).isEmpty }
            guard seen.count > 1 else { continue }
            if let winner = winner(seen.compactMap { candidate($0, records[$0], in: window) }) {
                winners[shot] = winner
            }
        }
        return winners
    }

    private func winner(_ candidates: [Candidate]) -> Int? {
        guard let liveliest = candidates.map(\.speed).max(), liveliest > 0 else { return nil }
        let ranked = candidates.map { candidate -> Candidate in
            var ranked = candidate
            ranked.score += Self.stillnessWeight * max(log(max(candidate.speed / liveliest, 1e-3)), -2)
            return ranked
        }.sorted { $0.score > $1.score }
        let best = ranked[0]
        let needed = Self.lead * Float(max(1, (Self.leadSeconds / best.seconds).squareRoot()))
        // Of several faces one whose mouth is never seen long enough counts as one that does not move.
        let second = ranked.count > 1 ? max(ranked[1].score, 0) : 0
        return best.score >= Self.leastScore && best.score - second >= needed ? best.record : nil
    }

    private func candidate(_ index: Int, _ record: FaceRecord, in window: Range<Int>) -> Candidate? {
        let rows = record.rows(in: window)
        guard let first = rows.first, let last = rows.last else { return nil }
        let start = Double(record.frameNumbers[first]) / framesPerSecond
        let end = Double(record.frameNumbers[last]) / framesPerSecond
        guard end - start >= Self.leastSeconds,
            Double(rows.count) >= 0.5 * Double(record.frameNumbers[last] - record.frameNumbers[first])
        else { return nil }
        let count = Int((end - start) * Self.rate)
        var row = first
        let openings = (0..<count).map { step -> Float in
            let frame = (start + Double(step) / Self.rate) * framesPerSecond
            while row < last, Double(record.frameNumbers[row + 1]) <= frame { row += 1 }
            let next = min(row + 1, last)
            let span = Double(record.frameNumbers[next] - record.frameNumbers[row])
            let share = span > 0 ? Float((frame - Double(record.frameNumbers[row])) / span) : 0
            return record.openings[row] + (record.openings[next] - record.openings[row]) * min(max(share, 0), 1)
        }
        let calm = Self.smooth(openings, reach: 2)
        let speeds = calm.indices.map { abs(calm[min($0 + 1, count - 1)] - calm[max($0 - 1, 0)]) }
        let motion = Self.smooth(speeds.map { $0.squareRoot() }, reach: Self.smoothing)
        // Loudness is read a little beyond the face's stretch, so that every lag compares equally many values.
        let reach = 12
        guard let loudness = loudness(from: start - Double(reach) / Self.rate, count: count + 2 * reach) else {
            return nil
        }
        let score = Self.lags.map { Self.correlation(motion, loudness[(reach - $0)...]) }.max() ?? 0
        return Candidate(
            record: index, score: score, speed: speeds.reduce(0, +) / Float(count), seconds: end - start)
    }

    /// The loudness of speech on the grid, 0…1.2; `nil` in silence.
    private func loudness(from start: Double, count: Int) -> [Float]? {
        let levels = (0..<count).map { step -> Float in
            let position = (start + Double(step) / Self.rate - speech.startSeconds) * 100
            let index = Int(position.rounded())
            return speech.levels.indices.contains(index) ? max(speech.levels[index], Self.silence) : Self.silence
        }
        let sorted = levels.sorted()
        let floor = sorted[sorted.count / 10]
        let top = sorted[(sorted.count - 1) * 19 / 20]
        guard top > Self.silence else { return nil }
        let range = max(top - floor, Self.leastRange)
        return Self.smooth(levels.map { min(max(($0 - floor) / range, 0), 1.2) }, reach: Self.smoothing)
    }

    /// A weighted mean over a raised cosine of `reach` values to each side.
    private static func smooth(_ values: [Float], reach: Int) -> [Float] {
        let weights = (-reach...reach).map { Float(0.5 + 0.5 * cos(Double.pi * Double($0) / Double(reach + 1))) }
        return values.indices.map { index in
            var (sum, weight): (Float, Float) = (0, 0)
            for offset in -reach...reach where values.indices.contains(index + offset) {
                sum += weights[offset + reach] * values[index + offset]
                weight += weights[offset + reach]
            }
            return sum / weight
        }
    }

    /// Pearson's correlation over the length of `a`.
    private static func correlation(_ a: [Float], _ b: ArraySlice<Float>) -> Float {
        let count = Float(a.count)
        let meanA = a.reduce(0, +) / count
        let meanB = b.prefix(a.count).reduce(0, +) / count
        var (ab, aa, bb): (Float, Float, Float) = (0, 0, 0)
        for (x, y) in zip(a, b) {
            ab += (x - meanA) * (y - meanB)
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
        }
        return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
    }
}
