import CLibAV

/// Measures the times of the packets of a sound stream without decoding them.
struct SoundScan {
    /// The time from the start of the first packet to the end of the last one, in seconds; 0 without packets.
    let durationSeconds: Double
    /// The longest packet or gap between two packets, in seconds.
    let longestGapSeconds: Double

    /// Scans a sound stream of a file: from its index where that is complete, otherwise from its packets.
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

    /// Uses the index of an unfragmented MP4 or MOV, which lists every sample; `false` when there is none.
    private static func readIndex(_ file: InputFile, _ audioIndex: Int32, _ measure: inout Measure) -> Bool {
        guard let entries = file.fullIndex(audioIndex), let last = entries.last else { return false }
        for (entry, next) in zip(entries, entries.dropFirst()) where !entry.isCutOff {
            measure.add(start: entry.timestamp, duration: next.timestamp - entry.timestamp)
        }
        if !last.isCutOff {
            let whole = Int(file.stream(audioIndex).pointee.duration)
            let end = entries[0].timestamp + max(0, TickLimits.bounded(whole))
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
                start: stamp == lipsmith_av_no_timestamp ? nil : TickLimits.bounded(Int(stamp)),
                duration: max(0, TickLimits.bounded(Int(packet.pointee.duration))))
        }
    }

    /// Accumulates the times of packets in the order of a file.
    private struct Measure {
        let tick: Double
        private var first: Int?
        private var end = 0
        private var longestGap = 0

        init(tick: Double) { self.tick = tick }

        // Times before 0 are the encoder's priming samples, which are not heard.
        var durationSeconds: Double { first.map { Double(max(0, end - max($0, 0))) * tick } ?? 0 }

        var longestGapSeconds: Double { Double(longestGap) * tick }

        /// Adds a packet, in ticks.
        ///
        /// - Parameter start: `nil` for a packet that begins at the end of the one before.
        mutating func add(start: Int?, duration: Int) {
            let start = start ?? end
            longestGap = max(longestGap, duration, first == nil ? 0 : start - end)
            first = min(first ?? start, start)
            end = max(end, start + duration)
        }
    }
}
