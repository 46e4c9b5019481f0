import Generations
import LipsmithAPI
import Time
import Worker

/// What the installation's pages show of this process.
enum ServerFacts {
    /// Gathers the facts.
    ///
    /// - Parameter newestScrub: What the newest comparison of the stored files with their digests has found.
    static func facts(
        _ configuration: ServerConfiguration, version: String, worker: WorkerConfiguration, readiness: Readiness,
        storage: StorageGate, newestScrub: @escaping @Sendable () -> ScrubOutcome?
    ) -> OperatorFacts {
        OperatorFacts(
            version: version, startedAt: SystemClock().now, uploadByteLimit: configuration.uploadByteLimit,
            nodes: [OperatorFacts.Node(name: worker.name, slots: worker.renderSlots, isLocal: true)],
            settings: configuration.settings.map { effective in
                OperatorFacts.Setting(
                    name: effective.setting.name, value: effective.shownValue, isSet: effective.isSet,
                    defaultValue: effective.setting.defaultText, summary: effective.setting.summary)
            },
            warnings: {
                var warnings = readiness.warnings.map { SandboxCheck.sentences[$0] ?? $0 }
                if readiness.isDraining { warnings.append("The server is being stopped and takes no new work.") }
                if (try? await storage.isFull()) ?? true {
                    warnings.append("The disk has less room than free-space demands, so that new work is refused.")
                }
                if let count = newestScrub()?.damaged.count, count > 0 {
                    warnings.append(
                        "Stored files that are damaged: \(count). `lipsmith doctor --data DIR` names them.")
                }
                return warnings
            })
    }
}
