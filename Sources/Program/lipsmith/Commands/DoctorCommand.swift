import Generations
import LipSync
import Provenance
import Sandbox
import Synthesis
import Voices

/// `lipsmith doctor`: what is installed, what is missing and how to get it.
enum DoctorCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let folder = try arguments.takeValue("--data")
        try arguments.finish()
        var diagnosis = Diagnosis()
        diagnosis.items += [confinement, credentials]
        if let folder { diagnosis.items += try DataFolderCheck.run(folder) }
        if isJSON {
            Terminal.out(JSONText.pretty(diagnosis))
        } else {
            for item in diagnosis.items {
                Terminal.out("\(item.isWorking ? "ok     " : "MISSING") \(item.name): \(item.detail)")
                if let remedy = item.remedy { Terminal.out("        to get it: \(remedy)") }
            }
            describeVoices()
            Terminal.out(diagnosis.isComplete ? "Everything is in place." : "Something is missing.")
        }
        return diagnosis.isComplete ? .success : .installation
    }

    /// Renders go on without it, less well kept from the machine's files; as the superuser only where a setting says so.
    private static var confinement: Diagnosis.Item {
        let isWorking = !Sandbox.leavesEveryFileReadable
        let detail =
            Sandbox.canRestrictFiles
            ? "renders see no files but their own (Landlock)"
            : "this kernel has no Landlock: renders can read what the user that runs them can read"
        return Diagnosis.Item(
            name: "confinement of renders", isWorking: isWorking, detail: detail,
            remedy: isWorking
                ? nil : "run the server as a user of its own, or on a kernel with Landlock (5.13 or newer)")
    }

    /// Outputs are not signed without it, and nothing is made that could not be.
    private static var credentials: Diagnosis.Item {
        do {
            let library = try CredentialLibrary(folder: Installation.required().folder)
            return Diagnosis.Item(
                name: "content credentials", isWorking: true, detail: library.version, remedy: nil)
        } catch {
            let failure = CommandFailure(error)
            return Diagnosis.Item(
                name: "content credentials", isWorking: false, detail: failure.message, remedy: failure.suggestion)
        }
    }

    /// Texts are spoken by whatever is there; videos of sounds are made without any of it.
    private static func describeVoices() {
        do {
            let service = try SpokenText.service()
            let counts = try AsyncCommand.run {
                Dictionary(grouping: try await service.voices(), by: \.provider).mapValues(\.count)
            }
            if !VoiceNetwork.isInstalled(in: Installation.find()?.voiceFolder ?? "") {
                Terminal.out("note    the voice network is not there; `make setup` makes it")
            }
            let words = counts.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
            if !words.isEmpty { return Terminal.out("ok      voices: \(words.joined(separator: ", "))") }
            Terminal.out("MISSING voices: texts cannot be spoken")
        } catch {
            Terminal.out("MISSING voices: \(CommandFailure(error).text)")
        }
        Terminal.out("        to get it: apt-get install espeak-ng flite")
    }
}

/// `lipsmith version`.
enum VersionCommand {
    /// The version of this source tree.
    static let version = "0.1.0"

    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        try arguments.finish()
        Terminal.out("lipsmith \(version)")
        return .success
    }
}
