/// What a step can say, and what it cannot: a child that a stranger's file has taken over may say anything.
extension StepOutcome {
    /// Whether a step can end like this.
    public func isPossible(after step: SplitStep) -> Bool {
        step.isSensible && Set(next).count == next.count
            && next.allSatisfy { $0.isSensible && step.mayLead(to: $0, of: next) }
            && !next.isEmpty && Set(files).count == files.count && files.allSatisfy(step.mayLeave)
    }
}

extension SplitStep {
    /// More pieces of a job than this are an error: three hours in pieces of 20 s are 540.
    private static let countLimit = 10_000

    /// Whether its numbers can be those of a step.
    public var isSensible: Bool {
        switch self {
        case .survey: true
        case .span(let step): Self.isPiece(step.number, of: step.count) && (step.number > 0 || !step.continues)
        case .hearing(let count), .planning(let count), .sound(let count), .joining(let count):
            Self.isPiece(0, of: count)
        case .section(let number, let count): Self.isPiece(number, of: count)
        }
    }

    private static func isPiece(_ number: Int, of count: Int) -> Bool {
        (1...countLimit).contains(count) && (0..<count).contains(number)
    }

    /// Whether a step may be one of those that come next.
    fileprivate func mayLead(to step: SplitStep, of next: [SplitStep]) -> Bool {
        switch (self, step) {
        case (.survey, .span(let span)): !span.continues && next.count == span.count + 1
        case (.survey, .hearing(let count)): next.count == count + 1
        case (.hearing(let spans), .planning(let count)): spans == count && next.count == 1
        case (.span(let span), .planning(let count)): span.count == count && next.count == 1
        // Again, one of them, all of them, or all in one.
        case (.planning(let count), .span(let span)):
            (span.count == count && next.count <= count) || (span.count == 1 && next.count == 1)
        case (.planning, .section(_, let count)), (.planning, .sound(let count)): next.count == count + 1
        case (.section(_, let count), .joining(let whole)), (.sound(let count), .joining(let whole)):
            count == whole && next.count == 1
        default: false
        }
    }

    /// Whether a step may leave a file of a name.
    fileprivate func mayLeave(_ name: String) -> Bool {
        switch self {
        case .survey: name == StepNames.survey
        case .hearing: name == StepNames.hearing
        case .span(let step): name == StepNames.span(step.number, of: step.count)
        case .planning: name == StepNames.joint || StepNames.isScript(name)
        case .section(let number, _): [StepNames.section(number), StepNames.sectionRecord(number)].contains(name)
        case .sound: [StepNames.sound, StepNames.soundRecord, StepNames.segmentSound].contains(name)
        case .joining: false
        }
    }
}

extension StepNames {
    /// Whether a name is that of a section's script, in the one form that `script` gives.
    fileprivate static func isScript(_ name: String) -> Bool {
        let digits = name.dropFirst("script-".count).prefix { $0.isASCII && $0.isNumber }
        guard digits.count < 6, let number = Int(digits) else { return false }
        return name == script(number)
    }
}
