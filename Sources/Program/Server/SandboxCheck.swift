import Generations
import Sandbox
import Text

/// Whether the processes that open strangers' files can be kept from everything else.
enum SandboxCheck {
    /// Looks at the kernel.
    ///
    /// - Returns: Warnings by their stable names, for whoever asks whether the server is ready.
    /// - Throws: `UnconfinedError` where rendering would be too dangerous.
    static func check(_ configuration: ServerConfiguration, log: Log) throws -> [String] {
        guard !Sandbox.canRestrictFiles else { return [] }
        if Sandbox.leavesEveryFileReadable, !configuration.allowsRootWithoutLandlock { throw UnconfinedError() }
        log.event(landlockMissing, ["detail": .string(noLandlock)])
        return [landlockMissing]
    }

    private static let landlockMissing = "landlock_missing"
    private static let noLandlock =
        "This kernel has no Landlock: a render can read every file that the server's user can read."

    /// What each warning means.
    static let sentences = [landlockMissing: noLandlock]
}

/// The server is the superuser's, and nothing would keep a render from the machine's files.
public struct UnconfinedError: Error, Sendable, CustomStringConvertible {
    /// One sentence and the ways out.
    public let description =
        "This kernel has no Landlock, so that renders of the superuser could read every file of this machine. Run the "
        + "server as another user, enable Landlock, or set --root-without-landlock true."
}
