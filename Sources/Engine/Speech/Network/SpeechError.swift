/// Why a sound could not be analysed: a mistake of the program that uses `SpeechAnalyzer`.
public enum SpeechError: Error {
    /// More sound was given after `finish()`, or `finish()` was called twice.
    case alreadyFinished
}
