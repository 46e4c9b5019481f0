/// Cuts a stream of bytes into lines.
struct LineSplitter {
    private let longestLine: Int
    private var rest: [UInt8] = []
    /// How many bytes were added.
    private(set) var byteCount = 0
    /// Whether a line is longer than allowed; nothing is kept of it.
    private(set) var isOverflowing = false

    init(longestLine: Int) { self.longestLine = longestLine }

    /// Adds bytes and gives the lines that are complete now, without their ends; empty ones are left out.
    mutating func add(_ bytes: [UInt8]) -> [[UInt8]] {
        byteCount += bytes.count
        var lines: [[UInt8]] = []
        var remaining = bytes[...]
        while let end = remaining.firstIndex(of: 0x0A) {
            rest += remaining[..<end]
            remaining = remaining[(end + 1)...]
            if !rest.isEmpty, rest.count <= longestLine { lines.append(rest) }
            rest.removeAll(keepingCapacity: true)
        }
        rest += remaining
        if rest.count > longestLine {
            isOverflowing = true
            rest = []
        }
        return lines
    }

    /// What stands after the last line end; nil where there is nothing.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty ? nil : rest
    }
}

/// Keeps the end of a stream of bytes.
struct ByteTail {
    private let limit: Int
    private var bytes: [UInt8] = []
    /// How many bytes were added.
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

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
