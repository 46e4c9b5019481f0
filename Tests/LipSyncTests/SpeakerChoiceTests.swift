import Face
import LipSync
import Media
import Testing

@Suite("Who speaks")
struct SpeakerChoiceTests {
    /// A face whose mesh fills a square box in some frames.
    private func record(
        shot: Int = 0, identity: Int, left: Float, top: Float, side: Float, frames: Range<Int>, confidence: Float = 1
    ) throws -> FaceRecord {
        var record = FaceRecord(shot: shot, identity: identity, pictureSide: 640)
        let frame = try VideoFrame(width: 16, height: 16)
        let landmarks = (0..<468).map { index -> SIMD3<Float> in
            SIMD3(left + side * Float(index % 22) / 21, top + side * Float(index / 22) / 21, 0)
        }
        for number in frames {
            record.add(
                FaceObservation(identity: identity, landmarks: landmarks, confidence: confidence), number: number,
                frame: frame, keepsPictures: false)
        }
        return record
    }

    private func identities(_ chosen: [Int: FaceRecord]) -> [Int: Int] { chosen.mapValues(\.identity) }

    @Test("Without a wish the largest face speaks, unless it is seen too briefly")
    func mostPresent() throws {
        let small = try record(identity: 0, left: 0, top: 0, side: 100, frames: 0..<50)
        let large = try record(identity: 1, left: 300, top: 0, side: 160, frames: 0..<50)
        let brief = try record(identity: 2, left: 600, top: 0, side: 300, frames: 20..<23)
        #expect(identities(try SpeakerChoice.mostPresent.choose([small, large, brief])) == [0: 1])
        #expect(identities(try SpeakerChoice.mostPresent.choose([large, small])) == [0: 1])
    }

    @Test("Each shot has its own speaker")
    func shots() throws {
        let records = [
            try record(shot: 0, identity: 0, left: 0, top: 0, side: 100, frames: 0..<10),
            try record(shot: 1, identity: 1, left: 0, top: 0, side: 90, frames: 10..<20),
            try record(shot: 1, identity: 2, left: 200, top: 0, side: 120, frames: 10..<20),
        ]
        #expect(identities(try SpeakerChoice.mostPresent.choose(records)) == [0: 0, 1: 2])
    }

    @Test("A point chooses the face under it, also beside the mesh's outline, and the nearest of two")
    func point() throws {
        let records = [
            try record(identity: 0, left: 0, top: 100, side: 100, frames: 0..<10),
            try record(identity: 1, left: 300, top: 100, side: 200, frames: 0..<10),
        ]
        func chosen(_ x: Float, _ y: Float, frame: Int = 0) throws -> [Int: Int] {
            identities(try SpeakerChoice.point(frame: frame, x: x, y: y).choose(records))
        }
        #expect(try chosen(50, 150) == [0: 0])
        #expect(try chosen(110, 70) == [0: 0])
        #expect(try chosen(400, 200) == [0: 1])
        #expect(throws: RenderFailure.self) { try chosen(900, 900) }
        #expect(throws: RenderFailure.self) { try chosen(50, 150, frame: 10) }
    }

    @Test("A box chooses the face that it overlaps most; one that meets none is an error with its code")
    func box() throws {
        let records = [
            try record(identity: 0, left: 0, top: 0, side: 100, frames: 5..<10),
            try record(identity: 1, left: 80, top: 0, side: 100, frames: 5..<10),
        ]
        let wish = SpeakerChoice.boxes(
            Array(repeating: nil, count: 5) + [PixelBox(left: 70, top: 0, right: 190, bottom: 100)])
        #expect(identities(try wish.choose(records)) == [0: 1])
        do {
            _ = try SpeakerChoice.boxes(
                Array(repeating: nil, count: 5) + [PixelBox(left: 500, top: 500, right: 600, bottom: 600)]
            ).choose(records)
            Issue.record("an empty box was accepted")
        } catch let failure as RenderFailure {
            #expect(failure.code == .faceSelectionInvalid)
        }
    }

    @Test("A named face speaks in its shot; elsewhere the most present one does")
    func namedInOneShot() throws {
        let records = [
            try record(shot: 0, identity: 0, left: 0, top: 0, side: 60, frames: 0..<10),
            try record(shot: 0, identity: 1, left: 200, top: 0, side: 160, frames: 0..<10),
            try record(shot: 1, identity: 2, left: 0, top: 0, side: 90, frames: 10..<20),
        ]
        #expect(identities(try SpeakerChoice.point(frame: 3, x: 30, y: 30).choose(records)) == [0: 0, 1: 2])
    }

    // Noise and textures fool the networks for a few frames.
    @Test("What looks like a face for a few frames only is not believed, unless the clip is that short")
    func credible() throws {
        let lasting = try record(identity: 0, left: 0, top: 0, side: 100, frames: 0..<10)
        let flash = try record(identity: 1, left: 0, top: 0, side: 300, frames: 3..<8)
        let records = [lasting, flash]
        #expect(records.credible(framesPerSecond: 25, frameCount: 100).map(\.identity) == [0])
        #expect(records.credible(framesPerSecond: 25, frameCount: 10).map(\.identity) == [0, 1])
        #expect([flash].credible(framesPerSecond: 25, frameCount: 100).isEmpty)
        // The pieces of one identity, cut apart by shots, count together.
        let pieces = [
            try record(shot: 0, identity: 2, left: 0, top: 0, side: 90, frames: 0..<5),
            try record(shot: 1, identity: 2, left: 0, top: 0, side: 90, frames: 5..<10),
        ]
        #expect(pieces.credible(framesPerSecond: 25, frameCount: 100).count == 2)
    }

    @Test("Without any face nobody is chosen")
    func nobody() throws { #expect(try SpeakerChoice.mostPresent.choose([]).isEmpty) }
}
