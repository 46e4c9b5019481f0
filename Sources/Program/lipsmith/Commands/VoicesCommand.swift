import Generations
import Voices

/// `lipsmith voices`: the voices that `say`, `sync --text` and a server's interface know.
enum VoicesCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let language = try arguments.takeValue("--language")?.lowercased()
        try arguments.finish()
        let service = try SpokenText.service()
        let voices: [Voice]
        do { voices = try AsyncCommand.run { try await service.voices() } } catch {
            return CommandFailure(error).show()
        }
        let shown = voices.filter { voice in
            guard let language else { return true }
            return voice.language == language || voice.language?.hasPrefix(language + "-") == true
        }
        if isJSON {
            for voice in shown { Terminal.out(JSONText.line(Row(voice))) }
        } else {
            Terminal.out(
                TextTable.render(
                    ["ID", "NAME", "LANGUAGE", "GENDER", "ENGINE"],
                    shown.map { [$0.id, $0.name, $0.language ?? "–", $0.gender ?? "–", $0.provider] }))
        }
        return shown.isEmpty ? .failure : .success
    }

    private struct Row: Encodable {
        var id: String
        var name: String
        var language: String?
        var gender: String?
        var engine: String

        init(_ voice: Voice) {
            id = voice.id
            name = voice.name
            language = voice.language
            gender = voice.gender
            engine = voice.provider
        }
    }
}
