public import Generations
import Provenance
import Text
import Time

/// The parts of a store that a worker needs.
public typealias WorkerStore = AssetStore & BatchStore & DivisionStore & GenerationStore & JobStore & KeyStore
    & MachineStore & OutboxStore & OutputRegistry & SessionStore & StorageStore

/// What the attempts of a worker share.
struct WorkerDependencies: Sendable {
    let store: any WorkerStore
    let blobs: any BlobStore
    let signal: ChangeSignal
    /// Where running renders are shown.
    let live: LiveRenders
    let configuration: WorkerConfiguration
    let wireForms: WireForms
    /// Signs outputs; `nil` where they are not signed.
    let sealer: Sealer?
    let clock: any WallClock
    let log: WorkerLog

    /// Now, for people and for the store's leases.
    var now: Moment { Moment(wall: clock.now, steady: store.steadyTime) }

    /// Logs an event with its time.
    func note(_ event: String, _ fields: [String: JSONValue] = [:]) { log(clock.now.logLine(event, fields)) }
}
