/// A statement as PostgreSQL wants it.
package enum PostgresStatement {
    /// The text with numbered parameters, `$1`, in place of `?` and `?1`. Question marks within quotes stay.
    package static func numbered(_ sql: String) -> String {
        var result = ""
        var last = 0
        var isQuoted = false
        var characters = sql.unicodeScalars.makeIterator()
        var next = characters.next()
        while let character = next {
            next = characters.next()
            if character == "'" { isQuoted.toggle() }
            guard character == "?", !isQuoted else {
                result.unicodeScalars.append(character)
                continue
            }
            var number = 0
            while let digit = next, let value = Int(String(digit)) {
                number = number * 10 + value
                next = characters.next()
            }
            if number == 0 { number = last + 1 }
            last = number
            result += "$\(number)"
        }
        return result
    }
}

/// Values as libpq takes them: texts that end with a zero, but for blobs.
struct PostgresParameters {
    private var storage: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) {
        for value in values {
            switch value {
            case .null: add(nil)
            case .integer(let number): add(String(number).utf8)
            case .real(let number): add(String(number).utf8)
            // A text cannot have a NUL in it.
            case .text(let text): add(text.utf8.contains(0) ? text.replacing("\0", with: "\u{FFFD}").utf8 : text.utf8)
            case .blob(let bytes): add(bytes, isBinary: true)
            }
        }
    }

    private mutating func add(_ text: String.UTF8View) { add(Array(text)) }

    private mutating func add(_ bytes: [UInt8]?, isBinary: Bool = false) {
        offsets.append(bytes == nil ? nil : storage.count)
        lengths.append(Int32(bytes?.count ?? 0))
        formats.append(isBinary ? 1 : 0)
        if let bytes {
            storage += bytes
            storage.append(0)
        }
    }

    /// Gives the number of values, their addresses, lengths and formats, valid within `body`.
    func withPointers<Value>(
        _ body: (Int32, [UnsafePointer<CChar>?], [Int32], [Int32]) throws -> Value
    ) rethrows -> Value {
        try storage.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return try body(
                Int32(offsets.count), offsets.map { $0.flatMap { start?.advanced(by: $0) } }, lengths, formats)
        }
    }
}
