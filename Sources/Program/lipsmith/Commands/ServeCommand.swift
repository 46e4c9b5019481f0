import Foundation
import LipSync
import Sandbox
import Server

/// `lipsmith serve`: the server, on the embedded default.
enum ServeCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let environment = ProcessInfo.processInfo.environment
        var flags: [String: String] = [:]
        for setting in Setting.all {
            if let value = try arguments.takeValue(setting.flag) { flags[setting.name] = value }
        }
        let beginsAnew = arguments.takeFlag("--new-installation")
        try arguments.finish()
        let configuration: ServerConfiguration
        do { configuration = try ServerConfiguration(flags: flags, environment: environment) } catch {
            throw UsageError(message: error.description)
        }
        for name in ServerConfiguration.unknownVariables(in: environment) {
            Terminal.error("\(name) is no setting; docs/configuration.md lists them. It is ignored.")
        }
        guard Installation.find() != nil else {
            Terminal.error("The runtime or the models are not installed. Run `make setup`, then `lipsmith doctor`.")
            return .installation
        }
        ProcessMemory.returnWhatIsFree()
        let serving = Task {
            let service = try await Service(
                configuration, identity: Service.Identity(version: VersionCommand.version), beginsAnew: beginsAnew)
            if let key = service.firstKey {
                Terminal.out("The first key of this installation, shown only now: \(key)")
            }
            try await service.run { url, studioLink in
                // Scripts read the address out of the first line.
                Terminal.out("Lipsmith listens on \(url)")
                if let studioLink { Terminal.out("Open the studio: \(studioLink)") }
            }
        }
        let signals = StopSignals { serving.cancel() }
        defer { withExtendedLifetime(signals) {} }
        try AsyncCommand.run { try await serving.value }
        return .success
    }
}
