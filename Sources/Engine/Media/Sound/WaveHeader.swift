import Glibc

/// The length that the header of a RIFF WAVE file states; libavformat reports only how much of it the file holds.
struct WaveHeader {
    /// The stated length of the sound in seconds.
    let durationSeconds: Double

    /// The most chunks before the samples that are read; bounds the time for hostile files. Ordinary ones have a few.
    private static let mostParts = 64

    /// Reads the header of the file at `path`; `nil` when it is not a WAV file, or was written as a stream and states
    /// no length.
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
                // Streams have 0 or a huge number in place of a length.
                guard bytesPerSecond > 0, length > 0, length < Int(Int32.max) - 65_536 else { return nil }
                durationSeconds = Double(length) / Double(bytesPerSecond)
                return
            }
            offset += 8 + length + length % 2
        }
        return nil
    }
}
