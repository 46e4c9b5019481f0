import Foundation
import Generations
import Queues
package import Speech
import Synthesis
import Wave

/// flite: four English voices that sound more natural than espeak-ng's; reports the time of every phone.
package struct FliteEngine: LocalEngine {
    static let prefix = "flite-"
    /// The voices that are listed, best first. A talking clock and an 8 kHz copy of another voice are excluded.
    private static let known: KeyValuePairs<String, (name: String, language: String, gender: String)> = [
        "slt": ("SLT, US English", "en-us", "female"), "rms": ("RMS, US English", "en-us", "male"),
        "awb": ("AWB, Scottish English", "en-gb-scotland", "male"), "kal16": ("KAL, US English", "en-us", "male"),
    ]

    let program: String
    let children: SpeechChildren

    func voices() async throws -> [LocalVoice] {
        guard access(program, X_OK) == 0 else { return [] }
        let lines: [[UInt8]]
        do {
            lines = try await children.runProgram(program, ["-lv"], in: nil, input: [], timeLimit: .seconds(30))
        } catch let failure as SynthesisFailure {
            children.log("flite_missing", failure.description)
            return []
        }
        let text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        guard let colon = text.firstIndex(of: ":") else { return [] }
        let installed = Set(text[text.index(after: colon)...].split(separator: " ").map(String.init))
        return Self.known.filter { installed.contains($0.key) }.map { name, facts in
            LocalVoice(
                voice: Voice(
                    id: Self.prefix + name, name: facts.name, provider: "flite", language: facts.language,
                    gender: facts.gender), engineName: name)
        }
    }

    func speak(
        _ pieces: [String], voice: LocalVoice, manner: SpeechManner, in folder: SpeechFolder, name: String
    ) async throws -> [SpokenPiece?] {
        var spoken: [SpokenPiece?] = []
        for (index, piece) in pieces.enumerated() {
            let path = folder.output("\(name)\(index).wav")
            let text = Self.plain(piece)
            guard ScriptText.isSpeakable(text) else {
                spoken.append(nil)
                continue
            }
            let stretch = String(format: "%.3f", 1 / min(max(manner.pace, 0.5), 2))
            let lines = try await children.runProgram(
                program,
                [
                    "-voice", voice.engineName, "--setf", "duration_stretch=\(stretch)", "-psdur", "-f", "-", "-o",
                    path,
                ], in: folder, input: Array(text.utf8) + [0x0A], timeLimit: .speaking([piece]))
            guard let duration = await BlockingWork.run({ WaveReader(path: path)?.heldSeconds }) else {
                throw SynthesisFailure(.failed, detail: "flite wrote no sound")
            }
            spoken.append(
                SpokenPiece(
                    path: path, durationSeconds: duration, phones: Self.phones(lines, durationSeconds: duration)))
        }
        guard spoken.contains(where: { $0 != nil }) else {
            throw SynthesisFailure(.nothingToSay, detail: "flite knows no letter")
        }
        return spoken
    }

    /// The text in letters that flite knows: its dictionary is ASCII, and other letters would be spoken byte by byte.
    package static func plain(_ text: String) -> String {
        var plain = ""
        for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar {
            case "‘", "’", "ʼ": plain += "'"
            case "“", "”", "«", "»", "„": plain += "\""
            case "–", "—", "―": plain += " - "
            case "…": plain += "..."
            case "ß": plain += "ss"
            case "æ", "Æ": plain += "ae"
            case "ø", "Ø": plain += "o"
            case "€": plain += " euro "
            case "£": plain += " pound "
            case "°": plain += " degrees "
            default:
                if scalar.isASCII {
                    plain.unicodeScalars.append(scalar)
                } else if scalar.properties.generalCategory != .nonspacingMark {
                    plain += " "
                }
            }
        }
        return plain
    }

    /// The phones from flite's output, one line for each sentence with phones and their ends from its start: `pau:0.162
    /// f:0.259 …`.
    package static func phones(_ lines: [[UInt8]], durationSeconds: Double) -> [TimedPhone]? {
        var spans: [PhoneSpan] = []
        var sentenceStart = 0.0
        for line in lines {
            var start = 0.0
            for word in String(decoding: line, as: UTF8.self).split(separator: " ") {
                let parts = word.split(separator: ":")
                guard parts.count == 2, let end = Double(parts[1]), end >= start else { return nil }
                let phone = mouthPhone(String(parts[0]))
                spans.append(
                    PhoneSpan(
                        phones: phone.map { [$0] } ?? [], startSeconds: sentenceStart + start,
                        endSeconds: sentenceStart + end))
                start = end
            }
            sentenceStart += start
        }
        guard sentenceStart > 0 else { return nil }
        // Ends are rounded, while sentences end on whole samples; the last phone is made to end with the sound.
        let scale = durationSeconds / sentenceStart
        guard abs(scale - 1) < 0.02 else { return nil }
        for index in spans.indices {
            spans[index].startSeconds *= scale
            spans[index].endSeconds *= scale
        }
        return PhoneSpan.gapless(spans, durationSeconds: durationSeconds)
    }

    private static func mouthPhone(_ name: String) -> String? {
        switch name {
        case "pau", "ssil", "h#", "brth": nil
        case "ax", "axr": "AH"
        case "dx": "D"
        case "el": "L"
        case "em": "M"
        case "en": "N"
        default: name.uppercased()
        }
    }
}
