/// A command line that cannot be understood, with a sentence that says why.
struct UsageError: Error {
    var message: String
}

/// Takes options out of a command line one by one; what remains at the end is a mistake.
struct ArgumentReader {
    private var arguments: [String]

    init(_ arguments: [String]) {
        // `--name=value` is the same as `--name value`.
        self.arguments = arguments.flatMap { argument -> [String] in
            guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else { return [argument] }
            return [String(argument[..<equals]), String(argument[argument.index(after: equals)...])]
        }
    }

    /// Takes an option without a value.
    mutating func takeFlag(_ name: String) -> Bool {
        guard let index = arguments.firstIndex(of: name) else { return false }
        arguments.remove(at: index)
        return true
    }

    /// Takes an option's value, under any of its names.
    mutating func takeValue(_ names: String...) throws -> String? {
        guard let index = arguments.firstIndex(where: names.contains) else { return nil }
        guard index + 1 < arguments.count else { throw UsageError(message: "\(arguments[index]) needs a value.") }
        let value = arguments[index + 1]
        arguments.removeSubrange(index...index + 1)
        if arguments.contains(where: names.contains) { throw UsageError(message: "\(names[0]) was given twice.") }
        return value
    }

    /// Takes the values of an option that may be given several times, in order.
    mutating func takeValues(_ name: String) throws -> [String] {
        var values: [String] = []
        while let index = arguments.firstIndex(of: name) {
            guard index + 1 < arguments.count else { throw UsageError(message: "\(name) needs a value.") }
            values.append(arguments[index + 1])
            arguments.removeSubrange(index...index + 1)
        }
        return values
    }

    /// Takes a value that must be there.
    mutating func takeRequired(_ names: String...) throws -> String {
        guard let index = arguments.firstIndex(where: names.contains) else {
            throw UsageError(message: "\(names[0]) is missing.")
        }
        return try takeValue(arguments[index])!
    }

    /// Takes a number within a range.
    mutating func takeNumber<Number: LosslessStringConvertible & Comparable>(
        _ name: String, in range: ClosedRange<Number>
    ) throws -> Number? {
        guard let text = try takeValue(name) else { return nil }
        guard let value = Number(text), range.contains(value) else {
            throw UsageError(message: "\(name) takes a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// Takes a word out of a list.
    mutating func takeChoice<Choice>(_ name: String, _ choices: [(String, Choice)]) throws -> Choice? {
        guard let text = try takeValue(name) else { return nil }
        guard let choice = choices.first(where: { $0.0 == text }) else {
            let words = choices.map(\.0).joined(separator: ", ")
            throw UsageError(message: "\(name) takes one of: \(words).")
        }
        return choice.1
    }

    /// Takes the next argument that is not an option.
    mutating func takePositional() -> String? {
        guard let index = arguments.firstIndex(where: { !$0.hasPrefix("-") || $0 == "-" }) else { return nil }
        return arguments.remove(at: index)
    }

    /// Refuses what nobody took.
    func finish() throws {
        if let first = arguments.first { throw UsageError(message: "“\(first)” is not understood here.") }
    }
}
