import Foundation
import Media
import Speech
import TestSupport
import Testing

@Suite("Phones that are known")
struct KnownPhonesTests {
    private static let phones = [
        TimedPhone(phone: "SIL", startSeconds: 0, endSeconds: 0.2),
        TimedPhone(phone: "M", startSeconds: 0.2, endSeconds: 0.35),
        TimedPhone(phone: "AA", startSeconds: 0.35, endSeconds: 1),
    ]

    private static func wave(seconds: Double, chunk: [UInt8], rate: Int = 8000) -> Data {
        let bytes = Int(seconds * Double(rate)) * 2
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let head = Array("RIFF".utf8) + number(36 + bytes + chunk.count, 4) + Array("WAVEfmt ".utf8) + number(16, 4)
        let format = number(1, 2) + number(1, 2) + number(rate, 4) + number(rate * 2, 4) + number(2, 2) + number(16, 2)
        return Data(head + format + Array("data".utf8) + number(bytes, 4) + [UInt8](repeating: 0, count: bytes) + chunk)
    }

    private static func read(_ data: Data) throws -> [TimedPhone]? {
        let path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try data.write(to: URL(fileURLWithPath: path))
        return EmbeddedPhones.read(path)
    }

    @Test("come out of a file as they went in")
    func roundTrip() throws {
        let chunk = EmbeddedPhones.chunk(Self.phones)
        #expect(chunk.count % 2 == 0)
        #expect(try Self.read(Self.wave(seconds: 1, chunk: chunk)) == Self.phones)
        #expect(try Self.read(Self.wave(seconds: 1, chunk: Array("LIST\u{4}\0\0\0abcd".utf8) + chunk)) == Self.phones)
        #expect(try Self.read(Self.wave(seconds: 1, chunk: [])) == nil)
        #expect(EmbeddedPhones.read("/nonexistent") == nil)
    }

    @Test("of a stranger's file are believed only where they can be its own")
    func hostile() throws {
        func chunk(_ text: String, size: Int? = nil) -> [UInt8] {
            let size = size ?? text.utf8.count
            return Array(EmbeddedPhones.chunkName.utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
                + Array(text.utf8)
        }
        let wrong = [
            chunk("not JSON"), chunk("{}"), chunk(#"{"version":2,"phones":[]}"#), chunk("", size: Int(UInt32.max)),
            chunk(String(repeating: "[", count: 100_000)),
            chunk(#"{"version":1,"phones":[{"phone":"XX","startSeconds":0,"endSeconds":1}]}"#),
            chunk(#"{"version":1,"phones":[{"phone":"AA","startSeconds":0.5,"endSeconds":0.1}]}"#),
            chunk(#"{"version":1,"phones":[{"phone":"AA","startSeconds":-5,"endSeconds":1}]}"#),
            chunk(#"{"version":1,"phones":[{"phone":"AA","startSeconds":0,"endSeconds":1e308}]}"#),
        ]
        for chunk in wrong { #expect(try Self.read(Self.wave(seconds: 1, chunk: chunk)) == nil) }
        let good = EmbeddedPhones.chunk(Self.phones)
        // The sound was cut, or the file broke off.
        #expect(try Self.read(Self.wave(seconds: 2, chunk: good)) == nil)
        let whole = Self.wave(seconds: 1, chunk: good)
        for length in stride(from: 0, to: whole.count - 1, by: 501) {
            #expect(try Self.read(whole.prefix(length)) == nil)
        }
    }

    @Test("make an analysis that holds them as they are")
    func analysis() throws {
        let heard = TestSound.analysis
        var known = SpeechAnalyzer(encoder: try TestSpeech.encoder(), phones: TestSound.phones)
        for start in stride(from: 0, to: TestSound.spokenSentence.count, by: 777) {
            try known.append(Array(TestSound.spokenSentence[start..<min(start + 777, TestSound.spokenSentence.count)]))
        }
        let analysis = try known.finish()
        #expect(analysis.phonesAreExact)
        #expect(analysis.hasSpeech)
        #expect(
            analysis.phones.filter { $0.phone != "SIL" }.map(\.phone)
                == TestSound.phones.filter { $0.phone != "SIL" }.map(\.phone))
        #expect(analysis.levels == heard.levels)
        #expect(abs(analysis.durationSeconds - heard.durationSeconds) < 1e-9)
        var silent = SpeechAnalyzer(encoder: try TestSpeech.encoder(), phones: Self.phones)
        try silent.append([Float](repeating: 0, count: 16_000))
        try silent.append([.nan, .infinity])
        #expect(try !silent.finish().hasSpeech)
    }

    @Test("shut the mouth on p, b and m and open it on vowels, with the network and without", arguments: [true, false])
    func mouth(isHeard: Bool) throws {
        var exact = try TestSound.analyzed(TestSound.spokenSentence, phones: TestSound.phones)
        if !isHeard { exact.learned = nil }
        let track = MouthModel.track(exact, frameRate: Rational(25, 1), frameCount: 120)
        let closures = exact.phones.filter { ["P", "B", "M"].contains($0.phone) }
        #expect(track.closures.count >= closures.count * 9 / 10)
        for closure in track.closures {
            let frames = Int(closure.lowerBound * 25)...Int(closure.upperBound * 25)
            #expect((track.opening[frames].min() ?? 1) < 0.15)
        }
        #expect((track.opening.max() ?? 0) > 0.8)
    }

    @Test("of a part of a sound count from the part's start")
    func cropped() {
        let part = TimedPhone.cropped(Self.phones, fromSeconds: 0.3, toSeconds: 0.5)
        #expect(part.map(\.phone) == ["M", "AA"])
        #expect(part[0].startSeconds == 0)
        #expect(abs(part[0].endSeconds - 0.05) < 1e-9)
        #expect(abs(part[1].endSeconds - 0.2) < 1e-9)
    }
}
