import LipSync

/// `--speaker auto`, `--speaker most-present` or `--speaker FRAME:X,Y`, a pixel of a frame.
enum SpeakerOption {
    /// Takes the option; nil where it was not given.
    static func take(_ arguments: inout ArgumentReader) throws -> SpeakerChoice? {
        guard let text = try arguments.takeValue("--speaker") else { return nil }
        if text == "auto" { return .automatic }
        if text == "most-present" { return .mostPresent }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = (parts.last ?? "").split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
        if parts.count == 2, let frame = Int(parts[0]), frame >= 0, numbers.count == 2, let x = numbers[0],
            let y = numbers[1], x.isFinite, y.isFinite
        {
            return .point(frame: frame, x: x, y: y)
        }
        throw UsageError(message: "--speaker takes auto, most-present or FRAME:X,Y (pixels of a frame of the clip).")
    }
}
