import Dispatch
import Foundation
import LipSync

/// Turns Ctrl-C, a polite kill and a closed terminal into a cancellation, so that no half file is left.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Listens until the program ends. The second signal ends the program at once.
    convenience init(_ cancellation: Cancellation) {
        self.init {
            if cancellation.isCancelled { Self.end() }
            cancellation.cancel()
        }
    }

    /// Ends the program at the first signal, for work that cannot be cancelled.
    static func ending() -> Interruption { Interruption { end() } }

    private init(_ action: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM, SIGHUP].filter { $0 != SIGHUP || !Self.isIgnored($0) }.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in action() }
            source.resume()
            return source
        }
    }

    /// Whether whoever started the program wants it to outlive its terminal, as `nohup` does.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    private static func end() -> Never {
        StagedFolders.removeAll()
        _exit(ExitCode.cancelled.rawValue)
    }
}
