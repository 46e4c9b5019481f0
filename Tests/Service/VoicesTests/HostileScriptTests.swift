import Foundation
import Generations
import TestSupport
import Testing
import Voices

/// Goal: whatever stands in a script, it is spoken or refused with a code, and it is nothing but words.
@Suite("Hostile scripts")
struct HostileScriptTests {
    /// A character of every plane of Unicode that has any, and what programs stumble over.
    static let scripts: [String] = [
        "a\u{10348}\u{1F600}\u{20000}\u{30000}\u{E0100}\u{F0000}\u{10FFFD} all planes",
        "<speak><break time=\"10s\"/>SSML <voice name=\"x\">voice</voice></speak>",
        "[[h@'l@U]] %d %s %n ${HOME} $(touch pwned) `touch pwned` ; touch pwned | touch pwned & touch pwned",
        "--help -w pwned.wav -f /etc/passwd --stdin --compile=x -o pwned", "-f", "/etc/passwd", "-- -x",
        "\u{1}180R\u{1}5P fast and high", "(set_text \"x\") (quit)", "Null\u{0}inside", "\u{202E}right to left\u{202C}",
        "مرحبا hello שלום hello", "👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪 family", String(repeating: "a\u{301}\u{302}\u{303}\u{304}", count: 300),
        String(repeating: "z", count: 5000), String(repeating: "1", count: 400),
        String(repeating: "wow! ", count: 1000),
        "\r\n\t\r\nline\u{2028}separator\u{2029}paragraph", "ﷺ ﷽ ㍿ ½ ™ ℃", "x\u{FFFE}\u{FFFF}y",
    ]

    @Test("are spoken or refused by both kinds of voices", arguments: scripts)
    func spokenOrRefused(script: String) async throws {
        let folder = try TemporaryFolder()
        for voice in ["espeak-en-us", "flite-slt"] {
            let path = folder.path(voice)
            do {
                let facts = try await TestVoices.local.speak(TestVoices.request(script, voice), into: path)
                #expect(facts.durationSeconds > 0.05)
            } catch let error as GenerationError {
                #expect([.requestInvalid, .textTooLong].contains(error.code), "\(voice): \(error) \(error.detail)")
                #expect(!FileManager.default.fileExists(atPath: path))
            }
            // Neither a work folder nor anything that the script asked for is left.
            #expect(folder.names.allSatisfy { ["espeak-en-us", "flite-slt"].contains($0) }, "\(folder.names)")
        }
        for place in [FileManager.default.currentDirectoryPath, NSHomeDirectory(), "/tmp"] {
            #expect(!FileManager.default.fileExists(atPath: place + "/pwned"))
            #expect(!FileManager.default.fileExists(atPath: place + "/pwned.wav"))
        }
    }

    @Test(
        "are spoken by the voice network",
        arguments: [
            scripts[0], scripts[2], scripts[8], "\u{202E}right to left\u{202C}", "👩‍👩‍👧‍👦👍🏽🇩🇪 family", "\u{1}180R fast",
            "Hello мир and 世界.", "🙂", "xzqw tsk", String(repeating: "a", count: 500),
        ])
    func spokenByNetwork(script: String) async throws {
        let spoken = try await Spoken(script, voice: "kokoro-man")
        #expect(spoken.durationSeconds > 0.3)
        #expect(spoken.peak > 0.05)
    }

    @Test("that look like files or options are read aloud, not opened")
    func readAloud() async throws {
        // A path of six words takes longer than nothing and shorter than the file behind it.
        let path = try await Spoken("/etc/passwd", voice: "flite-slt")
        #expect((0.8...4).contains(path.durationSeconds))
        let markup = try await Spoken("<prosody rate=\"x-slow\"/> hello", voice: "espeak-en-us")
        #expect((1...8).contains(markup.durationSeconds))
    }

    @Test("of punctuation alone are refused", arguments: ["?!…", "---", "\u{0}"])
    func punctuation(script: String) async throws {
        for voice in ["espeak-en-us", "flite-slt"] {
            let error = await #expect(throws: GenerationError.self) { try await Spoken(script, voice: voice) }
            #expect(error?.code == .requestInvalid)
        }
    }

    @Test("in letters that a voice does not know are refused")
    func foreignLetters() async throws {
        for (script, voice) in [
            ("مرحبا بك", "flite-slt"), ("مرحبا بك", "kokoro-man"), ("你好,世界", "kokoro-woman"), ("שלום OK", "kokoro-man"),
        ] {
            let error = await #expect(throws: GenerationError.self) { try await Spoken(script, voice: voice) }
            #expect(error?.code == .requestInvalid, "\(script) by \(voice)")
        }
    }

    @Test("A cancelled text leaves nothing behind")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        let task = Task {
            try await TestVoices.local.speak(
                TestVoices.request(String(repeating: "Many words come here. ", count: 2000), "flite-slt"),
                into: folder.path("out.wav"))
        }
        try await Task.sleep(for: .milliseconds(300))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(folder.names == [])
    }

    @Test("A machine without synthesisers says so with a code")
    func nothingInstalled() async throws {
        var configuration = TestVoices.configuration
        configuration.executable = "/nonexistent/lipsmith"
        configuration.fliteProgram = "/nonexistent/flite"
        let service = VoiceService(configuration)
        #expect(try await service.voices() == [])
        #expect(await !service.capabilities.speaks)
        await #expect(throws: GenerationError.self) { try await service.voice("flite-slt") }
    }
}
