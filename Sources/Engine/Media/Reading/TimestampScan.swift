import CLibAV
import Glibc

/// Reads the time stamps of all pictures of a stream without decoding them.
struct TimestampScan {
    /// In ticks, ascending; empty if unknown.
    var timestamps: [Int] = []
    /// The time that the last picture is shown, in ticks; 0 if unknown.
    var lastDuration = 0

    /// Whether the times are decoding times, taken from an index.
    private(set) var isOfDecoding = false

    /// The most packets that are read: more than two hours at 60 frames a second (432,000). Bounds the time.
    private static let most = 500_000

    /// Scans the video stream of a file: from its index where that is complete, otherwise from its packets.
    init(_ file: InputFile, videoIndex: Int32) {
        isOfDecoding = readIndex(file, videoIndex)
        if !isOfDecoding { readAgain(file, videoIndex) }
    }

    /// Scans all packets of the video stream of a file, which is opened once more.
    init(packetsOf file: InputFile, videoIndex: Int32) { readAgain(file, videoIndex) }

    private mutating func readAgain(_ file: InputFile, _ videoIndex: Int32) {
        guard let again = try? InputFile(file.path), again.videoIndex == videoIndex else { return }
        again.select(videoIndex)
        readPackets(again, videoIndex)
    }

    /// Uses the index of an unfragmented MP4 or MOV, which lists every sample; `false` when there is none.
    private mutating func readIndex(_ file: InputFile, _ videoIndex: Int32) -> Bool {
        guard let entries = file.fullIndex(videoIndex) else { return false }
        timestamps = entries.compactMap { $0.isCutOff ? nil : $0.timestamp }
        timestamps.sort()
        let duration = Int(file.stream(videoIndex).pointee.duration)
        if let first = timestamps.first, let last = timestamps.last, duration > 0 {
            lastDuration = max(0, TickLimits.bounded(duration) - (last - first))
        }
        return !timestamps.isEmpty
    }

    private mutating func readPackets(_ file: InputFile, _ videoIndex: Int32) {
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet else { return }
        var presentation: [Int] = []
        var decoding: [Int] = []
        var count = 0
        var latest = Int.min
        while count < Self.most, av_read_frame(file.context, packet) >= 0 {
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == videoIndex, packet.pointee.flags & AV_PKT_FLAG_DISCARD == 0 else {
                continue
            }
            count += 1
            let (shown, decoded) = (packet.pointee.pts, packet.pointee.dts)
            if shown != lipsmith_av_no_timestamp { presentation.append(TickLimits.bounded(Int(shown))) }
            if decoded != lipsmith_av_no_timestamp { decoding.append(TickLimits.bounded(Int(decoded))) }
            let time = Int(max(shown, decoded))
            if time > latest {
                latest = time
                lastDuration = max(0, TickLimits.bounded(Int(packet.pointee.duration)))
            }
        }
        // Program streams and AVI lack some presentation times. Mixing both kinds would give duplicates and gaps;
        // decoding times alone have the same intervals.
        timestamps = presentation.count >= decoding.count ? presentation : decoding
        timestamps.sort()
    }
}
