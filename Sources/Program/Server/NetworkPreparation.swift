import Foundation

/// Compiles the networks for this machine when a server starts, in a process of its own that sees no client's file: the
/// confined children may read what is compiled but not leave anything for each other.
struct NetworkPreparation: Sendable {
    let executable: String
    let environment: [String: String]

    /// Starts the work and returns at once.
    ///
    /// - Parameter onEnd: Called from any thread with whether everything that rendering needs is in place.
    func start(onEnd: @escaping @Sendable (Bool) -> Void) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["doctor", "--json"]
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { onEnd($0.terminationStatus == 0) }
        do { try process.run() } catch { onEnd(false) }
    }
}
