import Foundation

/// Writes to standard output and standard error.
enum Terminal {
    /// Whether standard error is a terminal, where a progress bar makes sense.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line to standard output.
    static func out(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Replaces the current line of the terminal.
    static func status(_ text: String) { write("\r\u{1B}[K" + text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// Tells what a command does: as a progress bar and sentences, or as one JSON event a line.
struct EventWriter: Sendable {
    /// Whether events are JSON.
    let isJSON: Bool

    /// One event of a type, with the fields of a value.
    func event(_ name: String, _ value: some Encodable) {
        guard isJSON else { return }
        Terminal.out(JSONText.line(Event(event: name, value: value)))
    }

    private struct Event<Value: Encodable>: Encodable {
        var event: String
        var value: Value

        enum CodingKeys: String, CodingKey { case event }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(event, forKey: .event)
            try value.encode(to: encoder)
        }
    }
}

/// JSON texts with sorted keys.
enum JSONText {
    /// Everything on one line.
    static func line(_ value: some Encodable) -> String { text(value, []) }

    /// Indented, for people.
    static func pretty(_ value: some Encodable) -> String { text(value, [.prettyPrinted]) }

    private static func text(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        // Reports hold numbers, strings and arrays alone, which always encode.
        return String(decoding: (try? encoder.encode(value)) ?? Data("{}".utf8), as: UTF8.self)
    }
}
