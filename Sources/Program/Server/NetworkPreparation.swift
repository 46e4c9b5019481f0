import Processes

/// Compiles the networks for this machine when a server starts, in a process of its own that sees no client's file: the
/// confined children may read what is compiled but not leave anything for each other.
struct NetworkPreparation: Sendable {
    /// Far longer than it takes on a slow machine.
    private static let timeLimit = Duration.seconds(600)

    let executable: String
    let environment: [String: String]

    /// Does the work. Where the task is cancelled, the process has ended when this returns.
    ///
    /// - Returns: Whether everything that rendering needs is in place; `nil` where the work was stopped.
    func run() async -> Bool? {
        let launch = ChildLaunch(
            executable: executable, arguments: ["doctor", "--json"], environment: environment,
            timeLimit: Self.timeLimit)
        let exit: ChildExit
        do { exit = try await ChildProcess.run(launch) { _ in } } catch { return false }
        return exit.cause == .stopped ? nil : exit.cause == .exited(0)
    }
}
