import Foundation
import Media

/// The pieces of a voice one after the other, in blocks of a tenth of a second, one channel.
struct VoiceTrack {
    private struct Piece {
        var voice: SoundMix.Voice
        var start: Int
        var count: Int
        var reader: AudioReader?
        var position = 0
        var pending: [Float] = []

        var end: Int { start + count }
    }

    private let sampleRate: Int
    private var pieces: [Piece]
    private var position = 0
    private let end: Int

    static func blockSamples(sampleRate: Int) -> Int { max(1, sampleRate / 10) }

    init(_ voices: [SoundMix.Voice], sampleRate: Int) {
        self.sampleRate = sampleRate
        pieces = voices.sorted { $0.startSeconds < $1.startSeconds }.map { voice in
            Piece(
                voice: voice, start: Int((max(0, voice.startSeconds) * Double(sampleRate)).rounded()),
                count: Int((max(0, voice.durationSeconds) * Double(sampleRate)).rounded()))
        }
        end = pieces.map(\.end).max() ?? 0
    }

    /// The next block, shorter at the end; nil behind it.
    ///
    /// - Throws: `MediaError`.
    mutating func next() throws -> [Float]? {
        guard position < end else { return nil }
        let count = min(Self.blockSamples(sampleRate: sampleRate), end - position)
        var block = [Float](repeating: 0, count: count)
        for index in pieces.indices
        where pieces[index].start < position + count && pieces[index].end > position {
            try add(&pieces[index], to: &block)
        }
        position += count
        pieces.removeAll { $0.end <= position }
        return block
    }

    private func add(_ piece: inout Piece, to block: inout [Float]) throws {
        let first = max(0, piece.start - position)
        let last = min(block.count, piece.end - position)
        let fade = Float(max(1, Int(SoundSlice.fadeSeconds * Double(sampleRate))))
        if piece.reader == nil {
            piece.reader = try AudioReader(piece.voice.path, sampleRate: sampleRate, channelCount: 1)
        }
        while piece.pending.count < last - first, let more = try piece.reader?.next() {
            piece.pending += more.samples[0]
        }
        let available = min(last - first, piece.pending.count)
        for index in 0..<available {
            let place = piece.position + index
            let gain = min(1, Float(place + 1) / fade, Float(piece.count - place) / fade)
            block[first + index] += piece.pending[index] * gain
        }
        piece.pending.removeFirst(available)
        piece.position += last - first
    }
}

/// What is heard under a voice: loud between its pieces, low under them, with ramps between.
struct BackgroundTrack {
    /// Half of a change of loudness is done after this time.
    private static let rampSeconds = 0.05

    private let reader: AudioReader
    private let sampleRate: Int
    private let gain: Float
    private let lowGain: Float
    private let lowRanges: [Range<Int>]
    private var rangeIndex = 0
    private var current: Float
    private var position = 0
    private var pending: [[Float]]
    private var isAtEnd = false

    init(
        _ background: SoundMix.Background, voices: [SoundMix.Voice], sampleRate: Int, channelCount: Int
    ) throws {
        reader = try AudioReader(background.path, sampleRate: sampleRate, channelCount: channelCount)
        self.sampleRate = sampleRate
        gain = Float(pow(10, background.gainDecibels / 20))
        lowGain = Float(pow(10, background.lowGainDecibels / 20))
        // The ramp down is over when the voice begins.
        let lead = 3 * Self.rampSeconds
        lowRanges = voices.map { voice in
            let end = max(voice.startSeconds + voice.durationSeconds, voice.lowUntilSeconds ?? 0)
            let first = Int(max(0, voice.startSeconds - lead) * Double(sampleRate))
            return first..<max(first, Int(end * Double(sampleRate)))
        }.merged()
        current = lowRanges.first?.contains(0) == true ? lowGain : gain
        let silence = Int((max(0, background.startSeconds) * Double(sampleRate)).rounded())
        pending = Array(repeating: Array(repeating: 0, count: silence), count: channelCount)
    }

    /// The next block of up to `count` samples of each channel; nil at the end.
    ///
    /// - Throws: `MediaError`.
    mutating func next(count: Int) throws -> [[Float]]? {
        while pending[0].count < count, !isAtEnd {
            if let block = try reader.next() {
                for channel in pending.indices { pending[channel] += block.samples[channel] }
            } else {
                isAtEnd = true
            }
        }
        let length = min(count, pending[0].count)
        guard length > 0 else { return nil }
        var block = pending.map { Array($0[..<length]) }
        for channel in pending.indices { pending[channel].removeFirst(length) }
        let step = Float(1 - exp2(-1 / (Self.rampSeconds * Double(sampleRate))))
        for index in 0..<length {
            while rangeIndex < lowRanges.count, lowRanges[rangeIndex].upperBound <= position { rangeIndex += 1 }
            let isLow = rangeIndex < lowRanges.count && lowRanges[rangeIndex].contains(position)
            current += ((isLow ? lowGain : gain) - current) * step
            for channel in block.indices { block[channel][index] *= current }
            position += 1
        }
        return block
    }
}
