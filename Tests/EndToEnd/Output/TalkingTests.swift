import Face
import Foundation
import Media
import Speech
import TestSupport
import Testing

@Suite("A still portrait that says a sentence")
struct TalkingTests {
    /// One render that several tests look at.
    private static let render: (program: Program, output: String, report: String) = {
        let output = TemporaryFolder.shared.path("talking.mp4")
        let report = TemporaryFolder.shared.path("talking.json")
        do {
            return (
                try Lipsmith.run([
                    "sync", "--video", TestMedia.clip, "--audio", TestMedia.voice, "--out", output, "--crf", "10",
                    // The mark follows from the paths, which differ from run to run; what is measured here is the mouth.
                    "--watermark", "off", "--report", report, "--json",
                ]), output, report
            )
        } catch { fatalError("\(error)") }
    }()

    @Test("The program ends well and writes an MP4 of the right length, rate and size")
    func output() throws {
        let render = Self.render
        #expect(render.program.exitCode == 0, "\(render.program.errors)")
        let facts = try MediaFacts(render.output)
        let sound = try MediaFacts.samples(TestMedia.voice)
        #expect(facts.frames == Int((Double(sound.count) / 16000 * 25).rounded()))
        #expect(facts.rate == "25/1")
        #expect(facts.width == 640)
        #expect(facts.height == 640)
        #expect(facts.pictureStart == 0)
        #expect(abs(facts.soundSeconds - facts.pictureSeconds) < 0.02 + 0.03)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: render.output)).prefix(12).suffix(8).starts(
                with: Data("ftyp".utf8)))
    }

    @Test("The report tells what was done")
    func report() throws {
        let last = try #require(try Event.all(Self.render.program.output).last)
        let report = try #require(last.report)
        #expect(report.output.frames == (try MediaFacts(Self.render.output)).frames)
        #expect(report.framesWithFace == report.sourceFrames)
        #expect(report.framesDrawn == report.output.frames)
        #expect(report.gaps == [])
        #expect(report.faces.count == 1)
        #expect(report.faces.allSatisfy { $0.isSpeaker && $0.frames == report.sourceFrames })
        let written = try JSONDecoder().decode(
            Event.Report.self, from: Data(contentsOf: URL(fileURLWithPath: Self.render.report)))
        #expect(written.output.frames == report.output.frames)
    }

    @Test("The sound is the given one, less than a frame away")
    func soundOffset() throws {
        let given = try MediaFacts.samples(TestMedia.voice)
        let written = try MediaFacts.samples(Self.render.output)
        let reach = 1600
        let count = min(given.count, written.count) - 2 * reach
        var best = (lag: 0, value: -Float.infinity)
        for lag in -reach...reach {
            var sum: Float = 0
            for index in stride(from: reach, to: reach + count, by: 2) { sum += given[index] * written[index + lag] }
            if sum > best.value { best = (lag, sum) }
        }
        #expect(abs(best.lag) < 16000 / 25 / 4)
        let power = stride(from: reach, to: reach + count, by: 2).reduce(Float(0)) { $0 + given[$1] * given[$1] }
        #expect(best.value / power > 0.9)
    }

    private static let vowels: Set = [
        "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
    ]

    @Test("Tracked again, the mouth opens on vowels, closes on p, b and m and rests in silence")
    func mouth() throws {
        let seen = try TrackedMouth.openings(Self.render.output)
        #expect(seen.allSatisfy { $0 != nil })
        let opening = seen.map { $0 ?? 0 }
        let phones = TestMedia.phones
        func frame(_ seconds: Double) -> Int { min(max(Int(seconds * 25), 0), opening.count - 1) }

        let spoken = phones.filter { Self.vowels.contains($0.name) }.map {
            opening[frame(($0.startSeconds + $0.endSeconds) / 2)]
        }
        let closed = phones.filter { ["P", "B", "M"].contains($0.name) }.map { phone in
            let middle = frame((phone.startSeconds + phone.endSeconds) / 2)
            return opening[max(middle - 1, 0)...min(middle + 1, opening.count - 1)].min() ?? 1
        }
        let silence = Array(opening.suffix(Int((TestMedia.silentSeconds - 0.4) * 25)))
        func median(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }
        #expect(spoken.count >= 10)
        #expect(closed.count >= 6)
        // The clip's own mouth never moves, so what the mesh reads of it as movement is the mesh's noise.
        let still = try TrackedMouth.openings(TestMedia.clip).compactMap { $0 }
        let noise = try #require(still.max()) - (still.min() ?? 0)
        let numbers = Comment(
            "vowels \(median(spoken)), closures \(median(closed)), silence \(median(silence)), still \(median(still)) ± \(noise)"
        )
        // Rose's criterion: what stands five times above the noise is seen for certain.
        #expect(median(spoken) - median(closed) > 5 * noise, numbers)
        #expect(median(spoken) - median(silence) > 5 * noise, numbers)
        // The mesh reads the shut lips of this smile as 0.04 to 0.066, and its open ones as 0.13.
        #expect(median(silence) < 0.055, numbers)
        #expect((silence.max() ?? 1) - (silence.min() ?? 0) < 0.03, numbers)
        #expect(median(closed) < 0.06, numbers)
        #expect(median(spoken) > median(silence) + 0.04, numbers)
        #expect(median(spoken) > median(closed) + 0.04, numbers)
        #expect(closed.count { $0 < 0.07 } * 10 >= closed.count * 8, "nearly every closure is seen: \(closed)")
    }

    @Test("Outside the mouth's region the picture is the source's, but for the encoder's noise")
    func outside() throws {
        let source = try VideoReader(TestMedia.clip)
        let output = try VideoReader(Self.render.output)
        let tracker = try TestFaces.tracker()
        var error = (region: 0.0, border: 0.0)
        var count = (region: 0.0, border: 0.0)
        while let written = try output.next(), let frame = try source.next() {
            let landmarks = try #require(try tracker.track(frame).faces.first).landmarks
            let unit = FacePose(of: landmarks).unitPixels
            let lips = Landmarks.lips.map { SIMD2(landmarks[$0].x, landmarks[$0].y) }
            let center = lips.reduce(.zero, +) / Float(lips.count) + SIMD2(0, 0.05 * unit)
            for y in 0..<frame.height {
                for x in 0..<frame.width {
                    let place = (SIMD2(Float(x), Float(y)) - center) / unit / SIMD2(1.3, 1.4)
                    guard (place * place).sum() > 1 else { continue }
                    let at = y * frame.luma.stride + x
                    let difference =
                        Double(frame.luma.base[at]) - Double(written.luma.base[y * written.luma.stride + x])
                    error.region += difference * difference
                    count.region += 1
                    if min(x, y, frame.width - 1 - x, frame.height - 1 - y) < 24 {
                        error.border += difference * difference
                        count.border += 1
                    }
                }
            }
        }
        let region = 10 * log10(255 * 255 / (error.region / count.region))
        let border = 10 * log10(255 * 255 / (error.border / count.border))
        #expect(count.region > 1e6)
        #expect(region >= 45, "\(region) dB")
        #expect(border >= 45, "\(border) dB")
    }

    @Test("The same command writes the same bytes")
    func deterministic() throws {
        let folder = try TemporaryFolder()
        for profile in ["lipsync-2", "lipsync-1.9.0-beta", "sync-3"] {
            for name in ["a.mp4", "b.mp4"] {
                let program = try Lipsmith.sync(
                    TestMedia.shortClip, try TestMedia.voice(seconds: 2), out: folder.path(name),
                    // A signature is another one each time.
                    ["--model", profile, "--credentials", "off"])
                #expect(program.exitCode == 0, "\(program.errors)")
            }
            #expect(FileManager.default.contentsEqual(atPath: folder.path("a.mp4"), andPath: folder.path("b.mp4")))
        }
    }

    @Test("Another language is spoken too")
    func german() throws {
        let folder = try TemporaryFolder()
        let program = try Lipsmith.sync(TestMedia.shortClip, TestMedia.germanVoice, out: folder.path("out.mp4"))
        #expect(program.exitCode == 0, "\(program.errors)")
        let opening = try TrackedMouth.openings(folder.path("out.mp4")).compactMap { $0 }
        #expect((opening.max() ?? 0) - (opening.min() ?? 0) > 0.06)
    }
}
