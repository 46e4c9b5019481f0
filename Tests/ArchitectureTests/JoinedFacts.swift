/// Finds expectations that join several facts by `&&`, so that a failure would not say which of them is wrong.
enum JoinedFacts {
    /// The lines, counted from 1, of each `#expect` and `#require` whose condition has a `&&` outside of strings and
    /// inner brackets. `a && b || c` and what a closure says of each element are one fact.
    static func lines(in text: String) -> [Int] {
        let bytes = Array(text.utf8)
        var line = 1
        var found: [Int] = []
        for start in bytes.indices {
            if bytes[start] == UInt8(ascii: "\n") { line += 1 }
            guard bytes[start] == UInt8(ascii: "#") else { continue }
            for name in ["#expect(", "#require("] where bytes[start...].starts(with: name.utf8) {
                var condition = ConditionScanner(bytes, position: start + name.utf8.count)
                if condition.joinsFacts() { found.append(line) }
            }
        }
        return found
    }
}

/// Reads the first argument of a macro's call.
private struct ConditionScanner {
    let bytes: [UInt8]
    /// The byte that is read next.
    var position: Int

    init(_ bytes: [UInt8], position: Int) { (self.bytes, self.position) = (bytes, position) }

    /// Whether a `&&` and no `||` stands directly in the argument.
    mutating func joinsFacts() -> Bool {
        var joins = false
        var depth = 0
        while depth >= 0, position < bytes.count {
            if skipLiteral() { continue }
            switch bytes[position] {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ",") where depth == 0: return joins
            default:
                if depth == 0, isNext("||") { return false }
                if depth == 0, isNext("&&") { joins = true }
            }
            position += 1
        }
        return joins
    }

    private func isNext(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    /// Whether a comment or a string stood here, which is then left behind.
    private mutating func skipLiteral() -> Bool {
        if isNext("//") {
            while position < bytes.count, !isNext("\n") { position += 1 }
            return true
        }
        let hashes = String(repeating: "#", count: bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count)
        guard isNext(hashes + "\"") else { return false }
        // Three quotes begin a text of several lines only at the end of their line: `#"""#` is one quote.
        skipString(hashes: hashes, quotes: isNext(hashes + "\"\"\"\n") ? "\"\"\"" : "\"")
        return true
    }

    private mutating func skipString(hashes: String, quotes: String) {
        position += hashes.utf8.count + quotes.utf8.count
        while position < bytes.count, !isNext(quotes + hashes) {
            if isNext("\\\(hashes)(") {
                position += hashes.utf8.count + 2
                skipInterpolation()
            } else {
                position += hashes.isEmpty && isNext("\\") ? 2 : 1
            }
        }
        position += quotes.utf8.count + hashes.utf8.count
    }

    /// Goes behind the bracket that closes an interpolation.
    private mutating func skipInterpolation() {
        var depth = 1
        while depth > 0, position < bytes.count {
            if skipLiteral() { continue }
            if isNext("(") { depth += 1 }
            if isNext(")") { depth -= 1 }
            position += 1
        }
    }
}
