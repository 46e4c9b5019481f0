import Foundation
import LipSync
import Sandbox
import Server

/// Starts a server or a node with the settings of its command line and environment.
struct ServiceStart {
    let configuration: ServerConfiguration
    private let beginsAnew: Bool

    /// Reads the settings; nothing else may be left on the command line.
    ///
    /// - Throws: `UsageError`.
    init(_ arguments: inout ArgumentReader) throws {
        let environment = ProcessInfo.processInfo.environment
        var flags: [String: String] = [:]
        for setting in Setting.all {
            if let value = try arguments.takeValue(setting.flag) { flags[setting.name] = value }
        }
        beginsAnew = arguments.takeFlag("--new-installation")
        try arguments.finish()
        do { configuration = try ServerConfiguration(flags: flags, environment: environment) } catch {
            throw UsageError(message: error.description)
        }
        for name in ServerConfiguration.unknownVariables(in: environment) {
            Terminal.error("\(name) is no setting; docs/configuration.md lists them. It is ignored.")
        }
    }

    /// Runs until the process is asked to stop.
    ///
    /// - Parameter onReady: See `Service.run`.
    func run(
        _ duty: ServiceDuty, onReady: @escaping @Sendable (_ url: String, _ studioLink: String?) -> Void
    ) throws -> ExitCode {
        guard Installation.find() != nil else {
            Terminal.error("The runtime or the models are not installed. Run `make setup`, then `lipsmith doctor`.")
            return .installation
        }
        ProcessMemory.returnWhatIsFree()
        let serving = Task { [configuration, beginsAnew] in
            let service = try await Service(
                configuration, identity: Service.Identity(version: VersionCommand.version), duty: duty,
                beginsAnew: beginsAnew)
            if let key = service.firstKey {
                Terminal.out("The first key of this installation, shown only now: \(key)")
            }
            try await service.run(onReady: onReady)
        }
        let signals = StopSignals { serving.cancel() }
        defer { withExtendedLifetime(signals) {} }
        try AsyncCommand.run { try await serving.value }
        return .success
    }
}
