import Blobs
import Dispatch
import Foundation
import Generations
import Glibc
import HTTP
import Persistence
import Text
import Worker

/// A worker as a process of its own that tests may kill: on the embedded store, or on the database and the bucket that the
/// environment names as for `lipsmith work`. Prints `ready`, ends on SIGTERM.
@main
struct WorkerNode {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { fatalError("usage: WorkerNode <data folder> <executable> <slots>") }
        let data = arguments[1]
        var configuration = WorkerConfiguration(executable: arguments[2], workingFolder: "\(data)/work")
        configuration.renderSlots = Int(arguments[3]) ?? 1
        // The stub hands real media on to the real program beside it.
        let folder = URL(fileURLWithPath: arguments[2]).deletingLastPathComponent()
        configuration.childEnvironment["STUB_REAL"] = folder.appendingPathComponent("lipsmith").path
        configuration.preset = "ultrafast"
        configuration.network = NetworkPolicy(allowing: NetworkRange.list("127.0.0.0/8") ?? [])
        // Short, so that what a kill interrupts goes on soon.
        configuration.jobs.lease = .milliseconds(2000)
        configuration.jobs.renewal = .milliseconds(400)
        configuration.jobs.lossLimit = 100
        configuration.jobs.lossDelays = [.zero, .milliseconds(500)]
        configuration.jobs.retryDelays = [.milliseconds(100)]
        // A killed child is a failed attempt, and a random killer may find the same job again and again.
        configuration.jobs.attemptLimit = 50
        configuration.deliveries.lease = .seconds(3)
        configuration.deliveries.timeout = .seconds(2)
        configuration.deliveries.delays = Array(repeating: .milliseconds(200), count: 50)
        // Longer ones are done in parts.
        configuration.divisionSeconds = 10
        configuration.cacheBytes = 64 << 20
        configuration.pollInterval = .milliseconds(100)
        configuration.progressInterval = .milliseconds(100)
        let log = Glibc.open("\(data)/worker.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let signal = ChangeSignal()
        let (store, blobs, signals) = try await open(data, signal)
        defer { signals?.end() }
        let service = try WorkerService(
            store: store, blobs: blobs, signal: signal,
            wireForms: WireForms(
                generation: { ["id": .string($0.id.rawValue), "status": .string($0.status.rawValue)] },
                batch: { batch, _ in ["id": .string(batch.id.rawValue)] }),
            configuration: configuration, log: { Self.log($0, to: log) })

        let running = Task { await service.run() }
        Glibc.signal(SIGTERM, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler { @Sendable in running.cancel() }
        source.resume()
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        await running.value
        withExtendedLifetime(source) {}
    }

    private static func open(
        _ data: String, _ signal: ChangeSignal
    ) async throws -> (SQLStore, any BlobStore, PostgresSignals?) {
        let environment = ProcessInfo.processInfo.environment
        guard let database = environment["LIPSMITH_DATABASE_URL"], let bucket = environment["LIPSMITH_BLOBS_URL"] else {
            return (
                try SQLStore(path: "\(data)/store.sqlite"), try FolderBlobStore(root: "\(data)/blobs"), nil
            )
        }
        let opened = try await eventually { try await PostgresDatabase(.init(address: database)) }
        let blobs = try await eventually {
            try await S3BlobStore.open(S3Configuration(address: try S3Address(parsing: bucket), installation: "one"))
        }
        return (SQLStore(opened), blobs, opened.carry(signal))
    }

    /// What `open` gives as soon as it can: the database may be away when a node is started.
    private static func eventually<Value>(_ open: () async throws -> Value) async throws -> Value {
        for _ in 0..<100 {
            if let value = try? await open() { return value }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await open()
    }

    private static func log(_ line: String, to descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
