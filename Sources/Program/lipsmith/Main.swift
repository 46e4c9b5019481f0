import ChildProtocol
import Foundation
import Provenance

/// The command line: picks the command and turns every failure into one sentence and an exit code.
@main
struct Main {
    static func main() {
        // A reader that goes away must not kill a render; writes report the error instead.
        signal(SIGPIPE, SIG_IGN)
        exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    private static func run(_ arguments: [String]) -> ExitCode {
        guard let name = arguments.first else {
            Terminal.error(Help.overview)
            return .usage
        }
        if ["help", "--help", "-h"].contains(name) {
            let topic = arguments.dropFirst().first
            guard let text = Help.text(topic) else {
                Terminal.error("There is no command “\(topic ?? "")”. Try `lipsmith --help`.")
                return .usage
            }
            Terminal.out(text)
            return .success
        }
        guard let command = commands[name] else {
            Terminal.error("There is no command “\(name)”. Try `lipsmith --help`.")
            return .usage
        }
        var reader = ArgumentReader(Array(arguments.dropFirst()))
        if reader.takeFlag("--help") || reader.takeFlag("-h") {
            Terminal.out(Help.text(name) ?? Help.overview)
            return .success
        }
        do {
            return try command(&reader)
        } catch let error as UsageError {
            Terminal.error("\(error.message)\nTry `lipsmith \(name) --help`.")
            return .usage
        } catch let failure as CommandFailure {
            return failure.show()
        } catch let error as CredentialError {
            return CommandFailure(error).show()
        } catch {
            Terminal.error("\(error)")
            return .failure
        }
    }

    private static let commands: [String: @Sendable (inout ArgumentReader) throws -> ExitCode] = [
        "sync": SyncCommand.run, "animate": AnimateCommand.run, "inspect": InspectCommand.run,
        "doctor": DoctorCommand.run, "say": SayCommand.run, "voices": VoicesCommand.run, "serve": ServeCommand.run,
        "keys": KeysCommand.run, "studio-link": StudioLinkCommand.run, "jobs": JobsCommand.run,
        "webhooks": WebhooksCommand.run, "work": WorkCommand.run, "nodes": NodesCommand.run,
        "migrate": MigrateCommand.run,
        "remote": RemoteCommand.run, "verify": VerifyCommand.run,
        "version": VersionCommand.run, "--version": VersionCommand.run,
        // For workers and voices; the help does not name them.
        ChildCommand.render.rawValue: RenderCommand.run, ChildCommand.probe.rawValue: ProbeCommand.run,
        ChildCommand.check.rawValue: CheckCommand.run, ChildCommand.seal.rawValue: SealCommand.run,
        ChildCommand.trace.rawValue: TraceCommand.run,
        ChildCommand.speak.rawValue: SpeakCommand.run, ChildCommand.speakNetwork.rawValue: SpeakNetworkCommand.run,
        ChildCommand.confined.rawValue: ConfinedCommand.run,
    ]
}

/// What the program tells its caller; documented in docs/command-line.md.
enum ExitCode: Int32 {
    case success = 0
    /// The input or the output was refused, or rendering failed.
    case failure = 1
    /// The command line was wrong.
    case usage = 2
    /// Something that Lipsmith needs is not installed.
    case installation = 3
    /// `verify` has found nothing that says where a file comes from.
    case nothingFound = 4
    /// `verify` has found a file that was changed after it was signed.
    case altered = 5
    /// The user stopped the work.
    case cancelled = 130
}
