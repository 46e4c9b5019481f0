import Dispatch
import Foundation
import LipSync

/// Turns Ctrl-C and a polite kill into a cancellation, so that no half file is left.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Listens until the program ends. The second signal ends the program at once.
    init(_ cancellation: Cancellation) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in
                if cancellation.isCancelled { _exit(ExitCode.cancelled.rawValue) }
                cancellation.cancel()
            }
            source.resume()
            return source
        }
    }
}
