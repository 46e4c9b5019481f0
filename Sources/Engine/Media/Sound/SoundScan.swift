import CLibAV

/// Where the packets of a sound stream lie in time, without decoding any.
struct SoundScan {
    /// From the first packet's beginning to the end of the last one, seconds; 0 without a packet.
    let durationSeconds: Double
    /// The longest time that a packet lasts or that is left out between two, seconds.
    let longestGapSeconds: Double

    /// Looks at a sound stream of a file. A file with a full index is not read again.
    init(_ file: InputFile, audioIndex: Int32) {
        var measure = Measure(tick: Rational(file.stream(audioIndex).pointee.time_base).value)
        if !Self.readIndex(file, audioIndex, &measure), let again = try? InputFile(file.path),
            again.audioIndex == audioIndex
        {
            again.select(audioIndex)
            Self.readPackets(again, audioIndex, &measure)
        }
        durationSeconds = measure.durationSeconds
        longestGapSeconds = measure.longestGapSeconds
    }

    /// Uses the index of an MP4 or MOV that is not fragmented: it lists every sample.
    private static func readIndex(_ file: InputFile, _ audioIndex: Int32, _ measure: inout Measure) -> Bool {
        guard let entries = file.fullIndex(audioIndex), let last = entries.last else { return false }
        for (entry, next) in zip(entries, entries.dropFirst()) where !entry.isCutOff {
            measure.add(start: entry.timestamp, duration: next.timestamp - entry.timestamp)
        }
        if !last.isCutOff {
            let whole = Int(file.stream(audioIndex).pointee.duration)
            let end = entries[0].timestamp + max(0, Timestamp.bounded(whole))
            measure.add(start: last.timestamp, duration: max(0, end - last.timestamp))
        }
        return true
    }

    private static func readPackets(_ file: InputFile, _ audioIndex: Int32, _ measure: inout Measure) {
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet else { return }
        while av_read_frame(file.context, packet) >= 0 {
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == audioIndex, packet.pointee.flags & AV_PKT_FLAG_DISCARD == 0 else {
                continue
            }
            let stamp = packet.pointee.pts == lipsmith_av_no_timestamp ? packet.pointee.dts : packet.pointee.pts
            measure.add(
                start: stamp == lipsmith_av_no_timestamp ? nil : Timestamp.bounded(Int(stamp)),
                duration: max(0, Timestamp.bounded(Int(packet.pointee.duration))))
        }
    }

    /// Adds up packets in the order of a file.
    private struct Measure {
        let tick: Double
        private var first: Int?
        private var end = 0
        private var longestGap = 0

        init(tick: Double) { self.tick = tick }

        // What stands before 0 is the encoder's run-up, which is not heard.
        var durationSeconds: Double { first.map { Double(max(0, end - max($0, 0))) * tick } ?? 0 }

        var longestGapSeconds: Double { Double(longestGap) * tick }

        /// - Parameter start: `nil` for a packet that follows the one before.
        mutating func add(start: Int?, duration: Int) {
            let start = start ?? end
            longestGap = max(longestGap, duration, first == nil ? 0 : start - end)
            first = min(first ?? start, start)
            end = max(end, start + duration)
        }
    }
}
