/// Splits a stream of bytes into lines.
struct LineSplitter {
    private let longestLine: Int
    private var rest: [UInt8] = []
    /// Bytes added so far.
    private(set) var byteCount = 0
    /// Whether a line was longer than allowed. It is dropped, and what comes after it in the stream means nothing any more.
    private(set) var hasOverflowed = false

    init(longestLine: Int) { self.longestLine = longestLine }

    /// Adds bytes and returns the lines that are complete now, without line ends; empty lines are dropped.
    mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
        byteCount += bytes.count
        var lines: [[UInt8]] = []
        var remaining = bytes[...]
        while let end = remaining.firstIndex(of: 0x0A) {
            rest += remaining[..<end]
            remaining = remaining[(end + 1)...]
            if rest.count > longestLine { hasOverflowed = true } else if !rest.isEmpty { lines.append(rest) }
            rest.removeAll(keepingCapacity: true)
        }
        rest += remaining
        if rest.count > longestLine {
            hasOverflowed = true
            rest = []
        }
        return lines
    }

    /// The bytes after the last line end; `nil` when there are none.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}

/// Keeps the end of a stream of bytes.
struct ByteTail {
    private let limit: Int
    private var bytes: [UInt8] = []
    /// Bytes added so far.
    private(set) var byteCount = 0

    init(limit: Int) { self.limit = limit }

    mutating func add(_ more: [UInt8]) {
        byteCount += more.count
        bytes += more
        if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
    }

    /// At most the last `limit` bytes as text.
    var text: String { String(decoding: bytes.suffix(limit), as: UTF8.self) }
}
