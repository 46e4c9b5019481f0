import Glibc
package import Processes

/// How a confined child of this program is started: which command, and what it may use. The command reads the same options
/// again (`ConfinedOption`).
package struct ConfinedLaunch: Sendable {
    /// What the child does.
    package var command: ChildCommand
    /// Further words of the command line.
    package var words: [String]
    /// The one folder that the child may read, beside the system's; what lies in its `output` it may change. `nil` for a child
    /// that needs no folder.
    package var folder: String?
    /// The most memory, in bytes.
    package var memoryBytes: Int64
    /// The largest file that it may write, in bytes.
    package var fileBytes: Int64
    /// The longest time it may run; its processor time is bounded by that time on all processors, at least two.
    package var timeLimit: Duration

    package init(
        _ command: ChildCommand, words: [String] = [], folder: String?, memoryBytes: Int64, fileBytes: Int64,
        timeLimit: Duration
    ) {
        self.command = command
        self.words = words
        self.folder = folder
        self.memoryBytes = memoryBytes
        self.fileBytes = fileBytes
        self.timeLimit = timeLimit
    }

    /// The launch of a program.
    ///
    /// - Parameters:
    ///   - executable: The path of the `lipsmith` program.
    ///   - environment: The child's whole environment.
    ///   - input: The bytes of its standard input.
    package func launch(_ executable: String, environment: [String: String], input: [UInt8]) -> ChildLaunch {
        let processors = Int64(max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let options = [
            (ConfinedOption.parent, String(getpid())), (.memoryBytes, String(memoryBytes)),
            (.cpuSeconds, String(max(1, timeLimit.components.seconds) * processors)),
            (.fileBytes, String(fileBytes)),
            // Without a folder the child is confined to none of ours.
            (.folder, folder ?? "/nonexistent"),
        ]
        var launch = ChildLaunch(
            executable: executable, arguments: [command.rawValue] + options.flatMap { [$0.0.rawValue, $0.1] } + words,
            environment: environment, input: input, timeLimit: timeLimit)
        // A render says every second how far it is, with a small picture of up to 128 KiB in base64.
        let seconds = Int(clamping: max(0, timeLimit.components.seconds))
        launch.mostOutput += min(seconds, Self.mostSeconds) * Self.outputBytesPerSecond
        return launch
    }

    private static let outputBytesPerSecond = 192 << 10
    /// A day: what takes longer has said enough.
    private static let mostSeconds = 86_400
}

/// The commands of this program that are children of its others; its help does not name them.
package enum ChildCommand: String, CaseIterable, Sendable {
    /// Does a task of the engine.
    case render
    /// Says what a file is.
    case probe
    /// Looks for faces in samples of a clip, or measures a sound.
    case check
    /// Speaks with espeak-ng.
    case speak
    /// Speaks with the voice network.
    case speakNetwork = "speak-network"
    /// Puts signed manifests into finished files.
    case seal
    /// Says what a file shows of where it comes from.
    case trace
    /// Becomes another program.
    case confined
}

/// The options by which a parent tells a confined child of its limits.
package enum ConfinedOption: String, CaseIterable, Sendable {
    /// The process whose end is the child's end.
    case parent = "--parent"
    /// See `ConfinedLaunch.memoryBytes`.
    case memoryBytes = "--memory-bytes"
    /// Processor time in seconds.
    case cpuSeconds = "--cpu-seconds"
    /// See `ConfinedLaunch.fileBytes`.
    case fileBytes = "--file-bytes"
    /// See `ConfinedLaunch.folder`.
    case folder = "--folder"
    /// Of `confined`: the program that the child becomes.
    case program = "--program"
    /// Of `confined`, `seal` and `trace`: a further file that may be read.
    case readable = "--readable"
    /// Of `confined`: an argument of the program.
    case argument = "--argument"
    /// Of `probe`: where a small picture of a video is written.
    case thumbnail = "--thumbnail"
    /// Of `check`: what is looked at, a `MediaCheck.Subject`.
    case subject = "--subject"
}
