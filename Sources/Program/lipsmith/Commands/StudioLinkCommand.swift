import Generations
import Server

/// `lipsmith studio-link`: an address that signs its opener in to the studio, once.
enum StudioLinkCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let folder = try arguments.takeValue("--data")
        let role: Role = arguments.takeFlag("--member") ? .member : .operator
        let organisation = try arguments.takeValue("--organisation")
        let given = try arguments.takeValue("--base")
        try arguments.finish()
        let configuration = try OperatorArguments.configuration(folder: folder)
        let base = try given.map(address) ?? configuration.studioBase
        guard let base else {
            throw UsageError(message: "The port is chosen when the server starts; say its address with --base.")
        }
        let administration = try OperatorArguments.open(configuration)
        // The address alone, so that a script can take it as it is.
        Terminal.out(
            try AsyncCommand.run {
                try await administration.studioLink(organisation: organisation, role: role, base: base)
            })
        return .success
    }

    private static func address(_ text: String) throws -> String {
        var base = Substring(text)
        while base.last == "/" { base.removeLast() }
        guard WebAddress.isWellFormed(String(base)), !base.contains(where: { "?#".contains($0) || $0.isWhitespace })
        else { throw UsageError(message: "--base takes an http or https address, not “\(text)”.") }
        return String(base)
    }
}
