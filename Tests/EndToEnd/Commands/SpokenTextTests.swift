import Foundation
import Speech
import TestSupport
import Testing

@Suite("Texts on the command line")
struct SpokenTextTests {
    private static let vowels: Set = ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "EY", "IH", "IY", "OW", "UH", "UW"]

    @Test("A text is spoken at the pace that is asked for, with the pauses that stand in it")
    func manner() throws {
        let folder = try TemporaryFolder()
        func seconds(_ name: String, _ text: String, _ options: String...) throws -> Double {
            let path = folder.path(name)
            let said = try Lipsmith.run(["say", text, "--voice", "flite-slt", "-o", path, "--quiet"] + options)
            #expect(said.exitCode == 0, "\(said.errors)")
            return Double(try MediaFacts.samples(path).count) / 16_000
        }
        let usual = try seconds("usual.wav", "Good morning. Good night.")
        #expect(abs(try seconds("fast.wav", "Good morning. Good night.", "--speed", "1.5") - usual / 1.5) < 0.3)
        let paused = try seconds("paused.wav", "Good morning. [pause 1.5s] Good night. <break time=\"500ms\"/>")
        #expect(abs(paused - usual - 2) < 0.4)
        #expect(try Lipsmith.run(["say", "Hi.", "--speed", "3", "-o", folder.path("no.wav")]).exitCode != 0)
    }

    @Test(
        "A spoken text's lips close on p, b and m, open on vowels, and its sound is in the video",
        arguments: [
            ("flite-slt", TestMedia.sentence), ("espeak-en-us", TestMedia.sentence),
            ("espeak-de", "Papa, Mama und Barbara malen am Abend ein buntes Bild vom Meer. Ob Opa mitmalt?"),
        ])
    func lips(voice: String, text: String) throws {
        let folder = try TemporaryFolder()
        let said = try Lipsmith.run(["say", text, "--voice", voice, "-o", folder.path("say.wav"), "--quiet"])
        #expect(said.exitCode == 0, "\(said.errors)")
        let phones = try #require(EmbeddedPhones.read(folder.path("say.wav")))
        let program = try Lipsmith.run([
            "sync", "--video", TestMedia.clip, "--text", text, "--voice", voice, "--out", folder.path("out.mp4"),
            "--crf", "10", "--preset", "ultrafast", "--watermark", "off",
        ])
        #expect(program.exitCode == 0, "\(program.errors)")
        // The same text by the same voice is the same sound.
        let given = try MediaFacts.samples(folder.path("say.wav"))
        let written = try MediaFacts.samples(folder.path("out.mp4"))
        #expect(abs(given.count - written.count) < 16_000 / 10)

        let opening = try TrackedMouth.openings(folder.path("out.mp4")).map { $0 ?? 1 }
        func frame(_ seconds: Double) -> Int { min(max(Int(seconds * 25), 0), opening.count - 1) }
        let closed = phones.filter { ["P", "B", "M"].contains($0.phone) }.map { phone in
            opening[max(frame(phone.startSeconds) - 1, 0)...frame(phone.endSeconds)].min() ?? 1
        }
        let spoken = phones.filter { Self.vowels.contains($0.phone) }.map {
            opening[frame(($0.startSeconds + $0.endSeconds) / 2)]
        }
        func median(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }
        #expect(closed.count >= 10)
        let numbers = Comment("vowels \(median(spoken)), closures \(closed)")
        // The mesh reads the shut lips of this smile as 0.04 to 0.066.
        #expect(closed.count { $0 < 0.07 } * 10 >= closed.count * 9, numbers)
        #expect(median(spoken) > median(closed) + 0.04, numbers)
    }

    @Test("A text that cannot be spoken is refused with a code, and nothing is left")
    func refused() throws {
        let folder = try TemporaryFolder()
        for (text, voice, code) in [
            ("…", "flite-slt", "generation_input_validation_failed"), ("Hello.", "nobody", "voice_not_found"),
        ] {
            let said = try Lipsmith.run(["say", text, "--voice", voice, "-o", folder.path("out.wav"), "--json"])
            #expect(said.exitCode == 1)
            #expect(try Event.all(said.output).last?.code == code)
            let synced = try Lipsmith.run([
                "sync", "--video", TestMedia.shortClip, "--text", text, "--voice", voice, "--out",
                folder.path("out.mp4"), "--json",
            ])
            #expect(synced.exitCode == 1)
            #expect(try Event.all(synced.output).last?.code == code)
        }
        #expect(folder.names == [])
        let unwritable = try Lipsmith.run(["say", "Hello.", "-o", "/nonexistent/out.wav"])
        #expect(unwritable.exitCode == 1)
        #expect(unwritable.errors.contains("Choose another place") || unwritable.errors.contains("storage"))
    }

    @Test("A text that looks like options is spoken where it is given as one")
    func options() throws {
        let folder = try TemporaryFolder()
        let said = try Lipsmith.run(["say", "--text", "--crf 5 and --help me", "-o", folder.path("out.wav"), "--quiet"])
        #expect(said.exitCode == 0, "\(said.errors)")
        #expect(folder.names == ["out.wav"])
    }

    @Test("Voices are listed for people and for programs")
    func voices() throws {
        let table = try Lipsmith.run(["voices"])
        #expect(table.exitCode == 0)
        #expect(table.output.split(separator: "\n").count > 100)
        struct Row: Decodable {
            var id: String
            var engine: String
        }
        let german = try Lipsmith.run(["voices", "--language", "de", "--json"]).output.split(separator: "\n").map {
            try JSONDecoder().decode(Row.self, from: Data($0.utf8))
        }
        #expect(german.contains { $0.id == "espeak-de" && $0.engine == "espeak-ng" })
        #expect(try Lipsmith.run(["voices", "--language", "tlh-nowhere"]).exitCode == 1)
    }
}
