import Generations

/// What the attempts of a worker share.
struct WorkerParts: Sendable {
    let store: any Store
    let blobs: any BlobStore
    let signal: ChangeSignal
    let configuration: WorkerConfiguration
    let wireForms: WireForms
    let clock: any WallClock
    let log: WorkerLog

    /// Logs an event with its time.
    func note(_ event: String, _ fields: [String: JSONValue] = [:]) { log(clock.now.logLine(event, fields)) }
}
