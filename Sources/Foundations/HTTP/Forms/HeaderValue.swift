import Text

/// A field value with parameters, as `Content-Type` and `Content-Disposition` have: `form-data; name="a"; filename="b"`.
struct HeaderValue {
    /// What stands before the first semicolon, in lower case.
    let value: String
    /// The parameters, names in lower case; the first of a name counts.
    let parameters: [String: String]

    init(_ text: String) {
        var scanner = Array(text.utf8)[...]
        value = Self.text(Self.take(&scanner) { $0 != UInt8(ascii: ";") }).lowercased()
        var parameters: [String: String] = [:]
        while scanner.popFirst() != nil {
            let name = Self.text(Self.take(&scanner) { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") })
                .lowercased()
            guard scanner.first == UInt8(ascii: "=") else { continue }
            scanner.removeFirst()
            _ = Self.take(&scanner) { $0 == 32 || $0 == 9 }
            let value: String
            if scanner.first == UInt8(ascii: "\"") {
                value = Self.quoted(&scanner)
                _ = Self.take(&scanner) { $0 != UInt8(ascii: ";") }
            } else {
                value = Self.text(Self.take(&scanner) { $0 != UInt8(ascii: ";") })
            }
            if !name.isEmpty, parameters[name] == nil { parameters[name] = value }
        }
        self.parameters = parameters
    }

    /// The parameter in the extended form of RFC 8187 (`name*=UTF-8''…`) if it is there and valid, else the plain one.
    func parameter(_ name: String) -> String? {
        if let extended = parameters[name + "*"] {
            let parts = extended.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, parts[0].lowercased() == "utf-8", let value = PercentEncoding.decode(parts[2]) {
                return value
            }
        }
        return parameters[name]
    }

    private static func take(_ scanner: inout ArraySlice<UInt8>, while condition: (UInt8) -> Bool) -> ArraySlice<UInt8>
    {
        let taken = scanner.prefix(while: condition)
        scanner = scanner[taken.endIndex...]
        return taken
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || $0 == 9 }
        let rest = bytes.drop(while: isSpace)
        let end = rest.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    /// A quoted string. Only `\"` and `\\` are escapes: browsers send the backslashes of old file names as they are.
    private static func quoted(_ scanner: inout ArraySlice<UInt8>) -> String {
        scanner.removeFirst()
        var result: [UInt8] = []
        while let byte = scanner.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let next = scanner.first, next == UInt8(ascii: "\"") || next == byte {
                scanner.removeFirst()
                result.append(next)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
