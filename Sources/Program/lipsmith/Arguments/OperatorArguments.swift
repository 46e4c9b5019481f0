import Foundation
import Server

/// What the operator's commands have in common.
enum OperatorArguments {
    /// The installation that `--data` or the environment names, and its settings as far as the environment tells them; a
    /// new one only where that is wanted, since a misspelt folder must not look like an idle server.
    static func configuration(folder: String?, mayCreate: Bool = false) throws -> ServerConfiguration {
        do {
            let configuration = try ServerConfiguration(
                flags: folder.map { ["data": $0] } ?? [:], environment: ProcessInfo.processInfo.environment)
            if !mayCreate, configuration.databaseURL == nil,
                !FileManager.default.fileExists(atPath: configuration.dataFolder + "/lipsmith.db")
            {
                throw UsageError(
                    message: "There is no installation in \(configuration.dataFolder); name it with --data.")
            }
            return configuration
        } catch let error as ConfigurationError {
            throw UsageError(message: error.description)
        }
    }

    /// Opens the installation that `--data` or the environment names.
    static func open(folder: String?, mayCreate: Bool = false) throws -> Administration {
        try open(configuration(folder: folder, mayCreate: mayCreate))
    }

    /// Opens an installation.
    static func open(_ configuration: ServerConfiguration) throws -> Administration {
        try AsyncCommand.run { try await Administration.open(configuration) }
    }
}
