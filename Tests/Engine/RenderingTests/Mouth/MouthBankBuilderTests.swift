import Media
import Rendering
import Testing

@Suite("Collecting mouth pictures")
struct MouthBankBuilderTests {
    private let speaker = SyntheticSpeaker.talking(100)

    private func collected(_ builder: MouthBankBuilder, frames: Range<Int>) throws -> [MouthPicture] {
        var builder = builder
        let frame = try VideoFrame(width: 640, height: 400)
        for number in frames {
            frame.luma.base.update(repeating: UInt8(number % 200), count: frame.luma.stride * frame.height)
            builder.add(frame, number: number, landmarks: speaker.mesh(number % 100))
        }
        return builder.pictures
    }

    @Test("Everything is kept while there is room")
    func keepsAll() throws {
        #expect(
            try collected(MouthBankBuilder(maximumPictures: 100), frames: 0..<100).map(\.frameNumber) == Array(0..<100))
    }

    @Test("A budget of pictures is kept, and what is kept comes from the whole shot")
    func pictureBudget() throws {
        let kept = try collected(MouthBankBuilder(maximumPictures: 16), frames: 0..<1000).map(\.frameNumber)
        #expect(kept.count <= 16)
        #expect(kept.count >= 8)
        #expect(kept == kept.sorted())
        #expect((kept.last ?? 0) > 900)
    }

    // Keeping every second picture would lose the one wide vowel of a long shot with every other thinning.
    @Test("What is seen once is kept, however much alike comes before and behind it")
    func rareStays() throws {
        var builder = MouthBankBuilder(maximumPictures: 12)
        let frame = try VideoFrame(width: 640, height: 400)
        let widest = speaker.curves.indices.max { speaker.curves[$0].opening < speaker.curves[$1].opening }!
        for number in 0..<400 {
            builder.add(frame, number: number, landmarks: speaker.mesh(number == 131 ? widest : 3))
        }
        #expect(builder.pictures.contains { $0.frameNumber == 131 })
    }

    @Test("Light is a reason to keep a picture, as shape is")
    func lightStays() throws {
        var builder = MouthBankBuilder(maximumPictures: 12)
        let frames = try [UInt8(90), 180].map { value in
            let frame = try VideoFrame(width: 640, height: 400)
            frame.luma.base.update(repeating: value, count: frame.luma.stride * frame.height)
            return frame
        }
        for number in 0..<300 { builder.add(frames[number == 77 ? 1 : 0], number: number, landmarks: speaker.mesh(3)) }
        #expect(builder.pictures.contains { $0.frameNumber == 77 })
    }

    @Test("A budget of bytes is kept")
    func byteBudget() throws {
        let limit = 200_000
        let kept = try collected(MouthBankBuilder(maximumBytes: limit), frames: 0..<300)
        #expect(kept.count > 2)
        #expect(kept.reduce(0) { $0 + $1.pixels.count } <= limit)
    }

    @Test("The same clip gives the same pictures, to the byte")
    func deterministic() throws {
        let first = try collected(MouthBankBuilder(maximumPictures: 20), frames: 0..<150)
        let second = try collected(MouthBankBuilder(maximumPictures: 20), frames: 0..<150)
        #expect(first.map(\.frameNumber) == second.map(\.frameNumber))
        #expect(first.map(\.pixels) == second.map(\.pixels))
    }

    // A shot that starts late in the clip must not lose its only pictures to the thinning.
    @Test("A shot that begins late is thinned as the first one")
    func lateShot() throws {
        let kept = try collected(MouthBankBuilder(maximumPictures: 8), frames: 777..<900).map(\.frameNumber)
        #expect((3...8).contains(kept.count))
    }

    @Test("A mouth that hangs over the picture's edge is cut to the picture")
    func edge() throws {
        var builder = MouthBankBuilder()
        let frame = try VideoFrame(width: 320, height: 266)
        builder.add(frame, number: 0, landmarks: speaker.mesh(60))
        builder.add(frame, number: 1, landmarks: speaker.mesh(60).map { $0 + SIMD3(1000, 1000, 0) })
        #expect(builder.pictures.count == 2)
        #expect(builder.pictures.allSatisfy { !$0.pixels.isEmpty })
    }
}
