/// A command line that cannot be understood, with a sentence that says why.
struct UsageError: Error {
    var message: String
}

/// Takes options out of a command line one by one; what remains at the end is a mistake.
struct ArgumentReader {
    private struct Argument {
        var text: String
        /// Whether it stood behind an equals sign and so is a value, whatever it looks like.
        var isValue = false
        var isTaken = false

        /// Whether it is an option by its form: `--name`, or one of the two short ones.
        var isOption: Bool {
            if isValue { return false }
            return text == "-o" || text == "-h" || text.wholeMatch(of: /--[a-z][a-z-]*/) != nil
        }
    }

    private var arguments: [Argument]

    init(_ arguments: [String]) {
        // `--name=value` is the same as `--name value`.
        self.arguments = arguments.flatMap { argument -> [Argument] in
            guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
                return [Argument(text: argument)]
            }
            let value = String(argument[argument.index(after: equals)...])
            return [Argument(text: String(argument[..<equals])), Argument(text: value, isValue: true)]
        }
    }

    /// Where an option stands that nobody took yet.
    private func index(of names: [String]) -> Int? {
        arguments.firstIndex { !$0.isTaken && !$0.isValue && names.contains($0.text) }
    }

    /// Takes an option without a value.
    mutating func takeFlag(_ name: String) -> Bool {
        guard let index = index(of: [name]) else { return false }
        arguments[index].isTaken = true
        return true
    }

    /// Takes an option's value, under any of its names.
    mutating func takeValue(_ names: String...) throws -> String? {
        guard let index = index(of: names) else { return nil }
        let value = try takeValue(behind: index)
        if self.index(of: names) != nil { throw UsageError(message: "\(names[0]) was given twice.") }
        return value
    }

    /// Takes the values of an option that may be given several times, in order.
    mutating func takeValues(_ name: String) throws -> [String] {
        var values: [String] = []
        while let index = index(of: [name]) { values.append(try takeValue(behind: index)) }
        return values
    }

    /// The value of the option at `index`. The option that follows is none: `--text --json` has lost its text.
    private mutating func takeValue(behind index: Int) throws -> String {
        let name = arguments[index].text
        guard index + 1 < arguments.count else { throw UsageError(message: "\(name) needs a value.") }
        let value = arguments[index + 1]
        guard !value.isOption else {
            let hint = name.hasPrefix("--") ? " If “\(value.text)” is the value, write \(name)=\(value.text)." : ""
            throw UsageError(message: "\(name) needs a value, but the option \(value.text) follows.\(hint)")
        }
        guard !value.isTaken else { throw UsageError(message: "\(name) needs a value.") }
        arguments[index].isTaken = true
        arguments[index + 1].isTaken = true
        return value.text
    }

    /// Takes a value that must be there.
    mutating func takeRequired(_ names: String...) throws -> String {
        guard let index = index(of: names) else { throw UsageError(message: "\(names[0]) is missing.") }
        let value = try takeValue(behind: index)
        if self.index(of: names) != nil { throw UsageError(message: "\(names[0]) was given twice.") }
        return value
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
        let index = arguments.firstIndex {
            !$0.isTaken && !$0.isValue && (!$0.text.hasPrefix("-") || $0.text == "-")
        }
        guard let index else { return nil }
        arguments[index].isTaken = true
        return arguments[index].text
    }

    /// Refuses what nobody took.
    func finish() throws {
        if let first = arguments.first(where: { !$0.isTaken }) {
            throw UsageError(message: "“\(first.text)” is not understood here.")
        }
    }
}
