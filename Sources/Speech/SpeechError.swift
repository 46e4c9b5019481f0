/// Why speech could not be analysed, with a code for programs and words for people.
public struct SpeechError: Error, Sendable, CustomStringConvertible {
    /// A stable name of the kind of failure.
    public struct Code: RawRepresentable, Hashable, Codable, Sendable {
        /// The name as it appears in reports, in snake case.
        public let rawValue: String

        /// Makes a code from its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// More sound was given after `finish()`, or `finish()` was called twice.
        public static let alreadyFinished = Code(rawValue: "speech_analysis_finished")
    }

    /// The kind of failure.
    public var code: Code
    /// What went wrong, one sentence.
    public var message: String
    /// What to do about it, one sentence.
    public var suggestion: String
    /// What the library said, or the file concerned; may be empty.
    public var detail: String

    /// Makes an error.
    public init(_ code: Code, message: String, suggestion: String, detail: String = "") {
        self.code = code
        self.message = message
        self.suggestion = suggestion
        self.detail = detail
    }

    /// Message, suggestion and detail in one line.
    public var description: String {
        let text = "\(message) \(suggestion)"
        return detail.isEmpty ? text : "\(text) (\(detail))"
    }

    static let finished = SpeechError(
        .alreadyFinished, message: "The analysis has already been finished.",
        suggestion: "Make a new SpeechAnalyzer for each sound.")
}
