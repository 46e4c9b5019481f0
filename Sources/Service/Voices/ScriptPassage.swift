/// A part of a script up to a pause that the script asks for.
///
/// Two notations are known: `<break time="0.5s"/>`, as of SSML and of ElevenLabs, and `[pause 0.5s]`; times may be in seconds
/// (`s`) or milliseconds (`ms`). All other markup is text.
package struct ScriptPassage: Hashable, Sendable {
    /// The longest pause in seconds; longer ones are shortened.
    package static let longestPauseSeconds = 10.0
    /// The longest pauses of one script together, in seconds; what is over them is left out.
    private static let mostPauseSeconds = 120.0
    /// The pause of a mark without a time, in seconds.
    private static let usualPauseSeconds = 0.5

    /// What is said; may be empty or have nothing that can be said.
    package var text: String
    /// The silence behind it in seconds; 0 at the end of a script.
    package var pauseSeconds: Double

    package init(text: String, pauseSeconds: Double) {
        self.text = text
        self.pauseSeconds = pauseSeconds
    }

    /// The passages of a script; pauses that follow each other are added up.
    package static func passages(of script: String) -> [ScriptPassage] {
        var passages: [ScriptPassage] = []
        var rest = Substring(script)
        var left = mostPauseSeconds
        while let match = rest.firstMatch(of: mark) {
            let seconds = min(pauseSeconds(match.output), longestPauseSeconds, left)
            left -= seconds
            let text = String(rest[..<match.range.lowerBound])
            if let last = passages.last, text.allSatisfy(\.isWhitespace) {
                passages[passages.count - 1].pauseSeconds = min(last.pauseSeconds + seconds, longestPauseSeconds)
            } else {
                passages.append(ScriptPassage(text: text, pauseSeconds: seconds))
            }
            rest = rest[match.range.upperBound...]
        }
        if !rest.allSatisfy(\.isWhitespace) { passages.append(ScriptPassage(text: String(rest), pauseSeconds: 0)) }
        return passages
    }

    /// The script in ElevenLabs' notation.
    package static func breaks(in script: String) -> String {
        script.replacing(mark) { "<break time=\"\(min(pauseSeconds($0.output), 3))s\" />" }
    }

    private typealias Mark = (Substring, Substring?, Substring?, Substring?, Substring?)

    // The number of digits is bounded, so that none is too large for a number.
    private static var mark: Regex<Mark> {
        /(?i)<break(?:\s+time\s*=\s*["']?(\d{1,6}(?:\.\d{1,6})?)\s*(ms|s)["']?)?\s*\/?>|\[pause(?:[\s:]+(\d{1,6}(?:\.\d{1,6})?)\s*(ms|s)?)?\s*\]/
    }

    private static func pauseSeconds(_ mark: Mark) -> Double {
        guard let number = (mark.1 ?? mark.3).flatMap({ Double($0) }) else { return usualPauseSeconds }
        return (mark.2 ?? mark.4)?.lowercased() == "ms" ? number / 1000 : number
    }
}
