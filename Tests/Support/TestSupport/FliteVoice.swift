import Foundation

/// What flite says with the voice of a woman, and when it says each phone.
package enum FliteVoice {
    /// A phone in seconds of the sound: ARPAbet, or `SIL` in pauses.
    package struct Phone: Sendable {
        package var name: String
        package var startSeconds: Double
        package var endSeconds: Double
    }

    /// Speaks a text into a WAV file.
    package static func speak(_ text: String, to path: String) throws -> [Phone] {
        let output = try Program.succeed("flite", ["-voice", "slt", "-psdur", "-t", text, "-o", path])
        var phones: [Phone] = []
        var sentenceStart = 0.0
        // A line for each sentence: names with the time of their end, from the sentence's start.
        for line in output.split(separator: "\n") {
            var start = sentenceStart
            for word in line.split(separator: " ") {
                let parts = word.split(separator: ":")
                guard parts.count == 2, let end = Double(parts[1]) else { continue }
                let name = ["pau": "SIL", "ax": "AH", "axr": "AH", "dx": "D"][parts[0]] ?? parts[0].uppercased()
                phones.append(Phone(name: name, startSeconds: start, endSeconds: sentenceStart + end))
                start = sentenceStart + end
            }
            sentenceStart = start
        }
        return phones
    }
}
