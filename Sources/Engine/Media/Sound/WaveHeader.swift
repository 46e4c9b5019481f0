import Glibc

/// What the header of a RIFF WAVE file announces. libavformat tells only what it finds of it.
struct WaveHeader {
    /// Length of the sound, seconds.
    let durationSeconds: Double

    /// More parts than any honest file has before its samples.
    private static let mostParts = 64

    /// Reads the header of the file at `path`; `nil` for what is no WAV, or one that was written as a stream and announces
    /// nothing.
    init?(path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        func read(_ offset: Int, _ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return pread(descriptor, &bytes, count, off_t(offset)) == count ? bytes : nil
        }
        func number(_ bytes: some Collection<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
        guard let start = read(0, 12), start[0..<4].elementsEqual("RIFF".utf8), start[8..<12].elementsEqual("WAVE".utf8)
        else { return nil }
        var offset = 12
        var bytesPerSecond = 0
        for _ in 0..<Self.mostParts {
            guard let head = read(offset, 8) else { return nil }
            let length = number(head[4..<8])
            if head[0..<4].elementsEqual("fmt ".utf8), let form = read(offset + 8, 12) {
                bytesPerSecond = number(form[8..<12])
            } else if head[0..<4].elementsEqual("data".utf8) {
                // Streams have one of these, or nothing, in place of a length.
                guard bytesPerSecond > 0, length > 0, length < Int(Int32.max) - 65_536 else { return nil }
                durationSeconds = Double(length) / Double(bytesPerSecond)
                return
            }
            offset += 8 + length + length % 2
        }
        return nil
    }
}
