/// A misuse of `SpeechAnalyzer`.
public enum SpeechError: Error {
    /// `append` or `finish` was called after `finish`.
    case alreadyFinished
}
