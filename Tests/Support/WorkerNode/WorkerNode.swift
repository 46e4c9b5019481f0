import Blobs
import Dispatch
import Foundation
import Generations
import HTTP
import Persistence
import Text
import Worker

/// A worker on the embedded store, as a process of its own that tests may kill. Prints `ready`, ends on SIGTERM.
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
        configuration.jobs.retryDelays = [.milliseconds(100)]
        // A killed child is a failed attempt, and a random killer may find the same job again and again.
        configuration.jobs.attemptLimit = 50
        configuration.deliveries.lease = .seconds(3)
        configuration.deliveries.timeout = .seconds(2)
        configuration.deliveries.delays = Array(repeating: .milliseconds(200), count: 50)
        configuration.pollInterval = .milliseconds(100)
        configuration.progressInterval = .milliseconds(100)
        let log = open("\(data)/worker.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let service = try WorkerService(
            store: try SQLStore(path: "\(data)/store.sqlite"), blobs: try FolderBlobStore(root: "\(data)/blobs"),
            signal: ChangeSignal(),
            wireForms: WireForms(
                generation: { ["id": .string($0.id.rawValue), "status": .string($0.status.rawValue)] },
                batch: { batch, _ in ["id": .string(batch.id.rawValue)] }),
            configuration: configuration, log: { Self.log($0, to: log) })

        let running = Task { await service.run() }
        signal(SIGTERM, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler { @Sendable in running.cancel() }
        source.resume()
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        await running.value
        withExtendedLifetime(source) {}
    }

    private static func log(_ line: String, to descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
