import Text

/// Tells what `lipsmith remote` does: as a bar and sentences, or as one JSON event a line.
struct RemoteEvents: Sendable {
    private static let barWidth = 30

    let isJSON: Bool
    let isQuiet: Bool

    private var showsBar: Bool { !isJSON && !isQuiet && Terminal.isInteractive }

    /// One event, for whoever reads JSON.
    func event(_ name: String, _ members: [String: JSONValue]) {
        guard isJSON else { return }
        Terminal.out(JSONValue.object(members.merging(["event": .string(name)]) { $1 }).serialized)
    }

    /// How much of a file has been sent.
    func upload(_ path: String, sent: Int64, all: Int64) {
        event(
            "upload", ["file": .string(path), "sentBytes": .integer(sent), "totalBytes": .integer(all)])
        bar(Double(sent) / Double(all), "sending \(path)")
    }

    /// How far a generation is.
    func progress(_ generation: JSONValue) {
        let fraction = generation["progress"]?.double ?? 0
        let stage = generation["stage"]?.text ?? generation["status"]?.text ?? ""
        event(
            "progress",
            [
                "stage": .string(stage), "fraction": .number(fraction),
                "framesPerSecond": generation["framesPerSecond"] ?? .null,
                "secondsLeft": generation["secondsLeft"] ?? .null,
            ])
        var text = stage
        if let rate = generation["framesPerSecond"]?.double { text += ", \(Int(rate)) frames/s" }
        if let left = generation["secondsLeft"]?.int { text += ", \(left) s left" }
        bar(fraction, text)
    }

    /// That the server is asked again later; people are told the first time in turn.
    func waiting(_ failure: CommandFailure, _ pause: Duration, isFirst: Bool) {
        event("waiting", ["code": .string(failure.code), "seconds": .number(pause / .seconds(1))])
        guard isFirst else { return }
        clear()
        tell("\(failure.message) It is asked again.")
    }

    /// Takes the bar away.
    func clear() { if showsBar { Terminal.status("") } }

    /// A sentence for people.
    func tell(_ text: String) { if !isJSON, !isQuiet { Terminal.error(text) } }

    private func bar(_ fraction: Double, _ text: String) {
        guard showsBar else { return }
        let share = min(max(fraction, 0), 1)
        let filled = Int((share * Double(Self.barWidth)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
        let percent = String(Int((share * 100).rounded()))
        Terminal.status("\(bar) \(String(repeating: " ", count: 3 - percent.count))\(percent) %  \(text)")
    }
}
