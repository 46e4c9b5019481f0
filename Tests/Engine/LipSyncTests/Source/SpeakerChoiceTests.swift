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

    private func context(_ frames: Range<Int> = 0..<50) -> SelectionContext {
        SelectionContext(frames: frames, clipFrameCount: 50, framesPerSecond: 10)
    }

    /// The identity that speaks in each shot.
    private func speakers(
        _ choice: SpeakerChoice, _ records: [FaceRecord], in frames: Range<Int> = 0..<50
    ) throws -> [Int: Int] {
        let selection = try choice.select(records, context(frames))
        return Dictionary(uniqueKeysWithValues: selection.records.map { (records[$0].shot, records[$0].identity) })
    }

    private func code(_ body: () throws -> Void) -> EngineCode? {
        do {
            try body()
            return nil
        } catch { return (error as? RenderFailure)?.code }
    }

    @Test("Without a wish the largest face speaks, unless it is seen too briefly")
    func mostPresent() throws {
        let small = try record(identity: 0, left: 0, top: 0, side: 100, frames: 0..<50)
        let large = try record(identity: 1, left: 300, top: 0, side: 160, frames: 0..<50)
        let brief = try record(identity: 2, left: 600, top: 0, side: 300, frames: 20..<23)
        #expect(try speakers(.mostPresent, [small, large, brief]) == [0: 1])
        #expect(try speakers(.mostPresent, [large, small]) == [0: 1])
    }

    @Test("Each shot has its own speaker")
    func shots() throws {
        let records = [
            try record(shot: 0, identity: 0, left: 0, top: 0, side: 100, frames: 0..<10),
            try record(shot: 1, identity: 1, left: 0, top: 0, side: 90, frames: 10..<20),
            try record(shot: 1, identity: 2, left: 200, top: 0, side: 120, frames: 10..<20),
        ]
        #expect(try speakers(.mostPresent, records) == [0: 0, 1: 2])
    }

    @Test("A point chooses the face under it, also beside the mesh's outline, and the nearest of two")
    func point() throws {
        let records = [
            try record(identity: 0, left: 0, top: 100, side: 100, frames: 0..<10),
            try record(identity: 1, left: 300, top: 100, side: 200, frames: 0..<10),
        ]
        func chosen(_ x: Float, _ y: Float, frame: Int = 0) throws -> [Int: Int] {
            try speakers(.point(frame: frame, x: x, y: y), records)
        }
        #expect(try chosen(50, 150) == [0: 0])
        #expect(try chosen(110, 70) == [0: 0])
        #expect(try chosen(400, 200) == [0: 1])
        #expect(throws: RenderFailure.self) { try chosen(900, 900) }
        // A face that is lost for a moment is looked for in the frames around, not further away.
        #expect(try chosen(50, 150, frame: 14) == [0: 0])
        #expect(throws: RenderFailure.self) { try chosen(50, 150, frame: 15) }
    }

    @Test("A point may count from its part; a frame that the clip does not have is an error with its code")
    func pointFrames() throws {
        let records = [
            try record(identity: 0, left: 0, top: 0, side: 100, frames: 0..<20),
            try record(shot: 1, identity: 1, left: 0, top: 0, side: 60, frames: 20..<50),
            try record(shot: 1, identity: 2, left: 200, top: 0, side: 100, frames: 20..<50),
        ]
        let relative = SpeakerChoice.point(frame: 2, x: 30, y: 30, isRelativeToPart: true)
        #expect(try speakers(relative, records, in: 25..<40) == [1: 1])
        #expect(try speakers(.point(frame: 27, x: 30, y: 30), records, in: 25..<40) == [1: 1])
        for frame in [50, -1, Int.max] {
            let wrong = SpeakerChoice.point(frame: frame, x: 30, y: 30, isRelativeToPart: true)
            #expect(code { _ = try wrong.select(records, context(25..<40)) } == .faceSelectionInvalid)
        }
    }

    @Test("A point outside the part's stretch of the clip names the face that stands in the same place there")
    func pointElsewhere() throws {
        let records = [
            try record(shot: 0, identity: 0, left: 0, top: 0, side: 60, frames: 0..<10),
            try record(shot: 1, identity: 1, left: 300, top: 0, side: 90, frames: 30..<40),
            try record(shot: 1, identity: 2, left: 5, top: 5, side: 60, frames: 30..<40),
        ]
        #expect(try speakers(.point(frame: 3, x: 30, y: 30), records, in: 30..<40) == [1: 2])
    }

    @Test("Boxes say frame by frame who speaks; frames without a box and beyond the list stay as they are")
    func boxesSwitch() throws {
        let records = [
            try record(identity: 0, left: 0, top: 0, side: 100, frames: 0..<50),
            try record(identity: 1, left: 200, top: 0, side: 100, frames: 0..<50),
        ]
        let left = PixelBox(left: 5, top: -5, right: 105, bottom: 110)
        let right = PixelBox(left: 210, top: 0, right: 300, bottom: 100)
        let boxes = Array(repeating: left, count: 10) + [nil, nil] + Array(repeating: right, count: 8)
        let selection = try SpeakerChoice.boxes(boxes).select(records, context(4..<50))
        let speakers = (0..<50).map { selection.record(inFrame: $0).map { records[$0].identity } }
        #expect(speakers[..<4].allSatisfy { $0 == nil })
        #expect(speakers[4..<10].allSatisfy { $0 == 0 })
        #expect(speakers[10..<12].allSatisfy { $0 == nil })
        #expect(speakers[12..<20].allSatisfy { $0 == 1 })
        #expect(speakers[20...].allSatisfy { $0 == nil })
        #expect(code { _ = try SpeakerChoice.boxes([]).select(records, context()) } == .faceSelectionInvalid)
        #expect(code { _ = try SpeakerChoice.boxes([nil]).select(records, context()) } == .faceSelectionInvalid)
    }

    @Test("A box chooses the face that it overlaps most; one that meets none is an error with its code")
    func box() throws {
        let records = [
            try record(identity: 0, left: 0, top: 0, side: 100, frames: 5..<10),
            try record(identity: 1, left: 80, top: 0, side: 100, frames: 5..<10),
        ]
        let wish = SpeakerChoice.boxes(
            Array(repeating: nil, count: 5) + [PixelBox(left: 70, top: 0, right: 190, bottom: 100)])
        #expect(try speakers(wish, records) == [0: 1])
        do {
            _ = try SpeakerChoice.boxes(
                Array(repeating: nil, count: 5) + [PixelBox(left: 500, top: 500, right: 600, bottom: 600)]
            ).select(records, context())
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
        #expect(try speakers(.point(frame: 3, x: 30, y: 30), records) == [0: 0, 1: 2])
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
    func nobody() throws { #expect(try SpeakerChoice.mostPresent.select([], context()).records.isEmpty) }
}
