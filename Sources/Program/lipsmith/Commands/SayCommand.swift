import Foundation
import LipSync
import Provenance

/// `lipsmith say`: a text gives a sound.
enum SayCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let isQuiet = arguments.takeFlag("--quiet")
        let voice = try arguments.takeValue("--voice")
        let speed = try arguments.takeNumber("--speed", in: 0.5...2.0)
        let pitch = try arguments.takeNumber("--pitch", in: 0.5...2.0)
        let output = try arguments.takeRequired("--out", "-o")
        let written = try arguments.takeValue("--text")
        guard let text = written ?? arguments.takePositional() else {
            throw UsageError(message: "The text is missing.")
        }
        let credentials = try CommandCredentials.take(&arguments, drawsFaces: false)
        try arguments.finish()
        let script = text == "-" ? try SpokenText.standardInput() : text
        let events = EventWriter(isJSON: isJSON)
        let interruption = Interruption.ending()
        defer { withExtendedLifetime(interruption) {} }
        do {
            try OutputPlaces.check([OutputPlaces.Place(output, name: "--out")], inputs: [])
            let staging = try credentials.stage([OutputPlaces.Place(output, name: "--out")])
            var spoken = try SpokenText.speak(
                script, voice: voice, speed: speed ?? 1, pitch: pitch ?? 1, into: staging.path(of: output))
            spoken.output = output
            try staging.publish { place in
                var facts = OutputFactsToState(
                    version: VersionCommand.version, title: URL(fileURLWithPath: place).lastPathComponent)
                facts.voice = spoken.voice
                return ManifestDraft(.speech(voice: spoken.voice), contentType: "audio/wav", facts)
            }
            events.event("result", spoken)
            if !isQuiet, !isJSON {
                let seconds = String(format: "%.2f", spoken.durationSeconds)
                Terminal.error("\(output): \(seconds) s of speech by \(spoken.voice)")
            }
            return .success
        } catch {
            return CommandFailure(error).show(events)
        }
    }
}
