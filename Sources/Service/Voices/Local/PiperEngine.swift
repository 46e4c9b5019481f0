import Foundation
import Generations
import Queues
import Synthesis
import Text
import Wave

/// Piper: neural voices that the operator installs, a program and a file for each voice. It does not report phones.
struct PiperEngine: LocalEngine {
    static let prefix = "piper-"

    let program: String
    /// The paths of the voices' `.onnx` files; each has its description beside it, with `.json` appended to the name.
    let models: [String]
    let children: SpeechChildren

    func voices() async throws -> [LocalVoice] { await BlockingWork.run { listVoices() } }

    private func listVoices() -> [LocalVoice] {
        guard access(program, X_OK) == 0 else {
            children.log("piper_missing", program)
            return []
        }
        return models.compactMap { model in
            guard let data = FileManager.default.contents(atPath: model + ".json"),
                let description = try? JSONValue(parsing: Array(data)), access(model, R_OK) == 0
            else {
                children.log("piper_voice_missing", model)
                return nil
            }
            let file = URL(fileURLWithPath: model).deletingPathExtension().lastPathComponent
            let name = file.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
            let language = description["language"]?["code"]?.text ?? description["espeak"]?["voice"]?.text
            return LocalVoice(
                voice: Voice(
                    id: Self.prefix + name, name: description["dataset"]?.text ?? name, provider: "piper",
                    language: language.map { $0.lowercased().replacing("_", with: "-") }), engineName: model)
        }
    }

    func speak(
        _ pieces: [String], voice: LocalVoice, manner: SpeechManner, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece?] {
        var spoken: [SpokenPiece?] = []
        for (index, piece) in pieces.enumerated() {
            let path = folder.output("\(name)\(index).wav")
            // Piper would make a sound of each line.
            let line = ReadingText.spelled(piece, language: voice.voice.language ?? "")
                .split(whereSeparator: \.isNewline).joined(separator: " ")
            _ = try await children.runProgram(
                program,
                [
                    "--model", voice.engineName, "--config", voice.engineName + ".json", "--length_scale",
                    String(format: "%.3f", 1 / min(max(manner.pace, 0.5), 2)), "--output_file", path,
                ], readable: [voice.engineName, voice.engineName + ".json"], in: folder,
                input: Array(line.utf8) + [0x0A],
                timeLimit: .speaking([piece]) * 4)
            guard let duration = await BlockingWork.run({ WaveReader(path: path)?.heldSeconds }) else {
                throw SynthesisFailure(.failed, detail: "piper wrote no sound")
            }
            spoken.append(SpokenPiece(path: path, durationSeconds: duration, phones: nil))
        }
        return spoken
    }
}
