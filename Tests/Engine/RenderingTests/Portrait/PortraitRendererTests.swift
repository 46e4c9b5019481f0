import CKernels
import Face
import Media
import Rendering
import TestSupport
import Testing

/// The portrait as a still that can be moved, and helpers that look at what was drawn.
struct StillSpeaker {
    let frame: VideoFrame
    let landmarks: [SIMD3<Float>]
    let portrait: Portrait

    init(_ filters: String = "crop=400:400:25:0,scale=640:640") throws {
        try self.init(TestPictures.portrait(filters))
    }

    init(_ frame: VideoFrame) throws { try self.init(frame, landmarks: Self.track(frame)) }

    init(_ frame: VideoFrame, landmarks: [SIMD3<Float>]) {
        self.frame = frame
        self.landmarks = landmarks
        portrait = Portrait(still: frame, landmarks: landmarks)
    }

    /// The settled mesh of a picture with one face.
    static func track(_ frame: VideoFrame) throws -> [SIMD3<Float>] {
        let tracker = try TestFaces.tracker()
        var last: [SIMD3<Float>]?
        for _ in 0..<4 { last = try tracker.track(frame).faces.first?.landmarks }
        guard let last else { throw Program.Failed("no face in the picture") }
        return last
    }

    func drawn(_ pose: PortraitPose) throws -> VideoFrame { try PortraitRenderer(portrait).draw(pose) }

    /// The largest difference of two frames' luma in a rectangle, all of it without one.
    static func difference(
        _ a: VideoFrame, _ b: VideoFrame, _ columns: Range<Int>? = nil, _ rows: Range<Int>? = nil
    ) -> Int {
        var largest = 0
        for y in rows ?? 0..<a.height {
            for x in columns ?? 0..<a.width {
                let (p, q) = (a.luma.base[y * a.luma.stride + x], b.luma.base[y * b.luma.stride + x])
                largest = max(largest, abs(Int(p) - Int(q)))
            }
        }
        return largest
    }

    /// The gap between the inner lips over the distance of the outer eye corners.
    static func opening(_ points: [SIMD3<Float>]) -> Float { distance(points, 13, 14) }

    static func distance(_ points: [SIMD3<Float>], _ a: Int, _ b: Int) -> Float {
        func length(_ a: Int, _ b: Int) -> Float {
            let d = points[a] - points[b]
            return (d.x * d.x + d.y * d.y).squareRoot()
        }
        return length(a, b) / length(33, 263)
    }
}

@Suite("A still face that moves")
struct PortraitRendererTests {
    @Test("Without any motion the still is shown, bit for bit")
    func identity() throws {
        let speaker = try StillSpeaker()
        #expect(speaker.portrait.isMouthOpen)
        #expect(speaker.portrait.showsTeeth)
        #expect(StillSpeaker.difference(try speaker.drawn(PortraitPose()), speaker.frame) == 0)
    }

    @Test("A smile closes for speech and opens as far as it is told")
    func mouth() throws {
        let speaker = try StillSpeaker()
        let shut = try StillSpeaker.track(try speaker.drawn(PortraitPose(speaking: 1)))
        let own = StillSpeaker.opening(speaker.landmarks)
        #expect(StillSpeaker.opening(shut) < min(0.05, own / 2))
        var last = StillSpeaker.opening(shut)
        for opening in [Float(0.10), 0.22, 0.36] {
            let pose = PortraitPose(mouth: MouthCurves(opening: opening, jaw: opening * 0.6), speaking: 1)
            let now = StillSpeaker.opening(try StillSpeaker.track(try speaker.drawn(pose)))
            #expect(now > last + 0.02, "\(opening)")
            last = now
        }
    }

    @Test("A mouth that is shut in the picture stays as it is while it rests, and opens into teeth and darkness")
    func closedMouth() throws {
        let smiling = try StillSpeaker()
        // The only portrait at hand smiles; with its lips drawn shut it is a picture of a shut mouth.
        let speaker = try StillSpeaker(try smiling.drawn(PortraitPose(speaking: 1)))
        #expect(!speaker.portrait.isMouthOpen)
        let rest = try speaker.drawn(PortraitPose(speaking: 1))
        #expect(StillSpeaker.difference(rest, speaker.frame) <= 12)
        let open = try speaker.drawn(
            PortraitPose(mouth: MouthCurves(opening: 0.4, jaw: 0.3), speaking: 1))
        let points = try StillSpeaker.track(open)
        #expect(StillSpeaker.opening(points) > 0.12)
        // From lip to lip the middle of the mouth shows both bright teeth and a dark cavity.
        let (upper, lower) = (points[13], points[14])
        let column = Int((upper.x + lower.x) / 2)
        let values = (Int(upper.y) + 1..<Int(lower.y)).map { open.luma.base[$0 * open.luma.stride + column] }
        #expect(try #require(values.max()) > 100)
        #expect(try #require(values.min()) < 60)
    }

    @Test("What lies farther than half an eye distance from the face does not move when it speaks")
    func stillness() throws {
        let speaker = try StillSpeaker()
        let drawn = try speaker.drawn(
            PortraitPose(mouth: MouthCurves(opening: 0.4, width: 0.1, jaw: 0.3), speaking: 1))
        let box = FaceBox(around: speaker.landmarks)
        let margin = 0.5 * speaker.portrait.unitPixels
        for y in stride(from: 0, to: drawn.height, by: 3) {
            for x in stride(from: 0, to: drawn.width, by: 3) {
                let place = SIMD2(Float(x), Float(y))
                let wide = FaceBox(
                    left: box.left - margin, top: box.top - margin, right: box.right + margin,
                    bottom: box.bottom + margin)
                guard !wide.contains(place) else { continue }
                #expect(StillSpeaker.difference(drawn, speaker.frame, x..<x + 1, y..<y + 1) <= 1)
            }
        }
    }

    @Test("A head turns the way it is told, and the frame's border stands still")
    func turns() throws {
        let speaker = try StillSpeaker()
        let degrees = Float.pi / 180
        let own = FacePose(of: speaker.landmarks).rotation
        for turn in [
            HeadTurn(yawRadians: 5 * degrees), HeadTurn(yawRadians: -5 * degrees), HeadTurn(pitchRadians: 5 * degrees),
            HeadTurn(rollRadians: 4 * degrees),
        ] {
            let drawn = try speaker.drawn(PortraitPose(turn: turn))
            let pose = FacePose(of: try StillSpeaker.track(drawn)).rotation
            let seen = SIMD3(
                pose.yawRadians - own.yawRadians, pose.pitchRadians - own.pitchRadians,
                pose.rollRadians - own.rollRadians)
            let wanted = SIMD3(turn.yawRadians, turn.pitchRadians, turn.rollRadians)
            // The mesh sees less of a turn than was made of it, and a little of another one.
            let axis = (0..<3).max { abs(wanted[$0]) < abs(wanted[$1]) }!
            #expect(seen[axis] / wanted[axis] > 0.4, "\(turn) \(seen)")
            #expect(seen[axis] / wanted[axis] < 1.5, "\(turn) \(seen)")
            #expect(StillSpeaker.difference(drawn, speaker.frame, 0..<4) == 0)
        }
    }

    @Test("Lids that come down cover the iris")
    func blink() throws {
        let speaker = try StillSpeaker()
        func aperture(_ points: [SIMD3<Float>]) -> Float {
            (StillSpeaker.distance(points, 159, 145) + StillSpeaker.distance(points, 386, 374)) / 2
        }
        let shut = try StillSpeaker.track(try speaker.drawn(PortraitPose(blink: SIMD2(1, 1))))
        // The mesh network never believes in eyes that are quite shut.
        #expect(aperture(shut) < 0.8 * aperture(speaker.landmarks))
        let iris = speaker.landmarks[159] + (speaker.landmarks[145] - speaker.landmarks[159]) * 0.5
        let drawn = try speaker.drawn(PortraitPose(blink: SIMD2(1, 0)))
        let columns = Int(iris.x) - 2..<Int(iris.x) + 3
        let rows = Int(iris.y) - 2..<Int(iris.y) + 3
        #expect(StillSpeaker.difference(drawn, speaker.frame, columns, rows) > 20)
    }

    @Test("A straight pole beside the head stays straight within a pixel while the head turns")
    func straightLines() throws {
        let pole = 560
        let speaker = try StillSpeaker(
            TestPictures.portrait("crop=400:400:25:0,scale=640:640,drawbox=x=\(pole):y=0:w=10:h=640:color=black:t=fill")
        )
        let degrees = Float.pi / 180
        let drawn = try speaker.drawn(
            PortraitPose(turn: HeadTurn(yawRadians: 4 * degrees, rollRadians: 2 * degrees)))
        // The pole's left edge in each row, between pixels.
        func edge(_ frame: VideoFrame, _ y: Int) -> Float? {
            for x in pole - 14..<pole + 8 {
                let a = Float(frame.luma.base[y * frame.luma.stride + x])
                let b = Float(frame.luma.base[y * frame.luma.stride + x + 1])
                if a >= 70, b < 70 { return Float(x) + (a - 70) / (a - b) }
            }
            return nil
        }
        var moved: [Float] = []
        for y in stride(from: 10, to: 300, by: 5) {
            if let before = edge(speaker.frame, y), let after = edge(drawn, y) { moved.append(after - before) }
        }
        #expect(moved.count > 30)
        #expect(try #require(moved.max()) - (try #require(moved.min())) < 1, "\(moved)")
    }
}

@Suite("The kernels of a still face")
struct PuppetKernelTests {
    @Test("A matrix times four vectors", arguments: [1, 7, 8, 21])
    func multiply(columns: Int) {
        let rows = 5
        let matrix = (0..<rows * columns).map { Float(($0 * 7) % 11) - 5 }
        let vectors = (0..<4 * columns).map { Float(($0 * 5) % 13) - 6 }
        var out = [Float](repeating: .nan, count: rows * 4)
        lipsmith_multiply_four(matrix, Int32(rows), Int32(columns), vectors, &out)
        for row in 0..<rows {
            for side in 0..<4 {
                let wanted = (0..<columns).reduce(Float(0)) {
                    $0 + matrix[row * columns + $1] * vectors[side * columns + $1]
                }
                #expect(abs(out[row * 4 + side] - wanted) < 1e-3)
            }
        }
    }

    @Test("Going forward and back again ends where it began, also where the grid is stretched")
    func invert() {
        let (columns, rows) = (24, 18)
        func motion(_ x: Float, _ y: Float) -> SIMD2<Float> {
            let (dx, dy) = (x - 12, y - 9)
            let weight = max(0, 1 - (dx * dx + dy * dy) / 49)
            return SIMD2(1.3, 0.8) * weight * weight + SIMD2(dx, dy) * 0.5 * weight * weight
        }
        var forward: [Float] = []
        for y in 0..<rows { for x in 0..<columns { forward += [motion(Float(x), Float(y))].flatMap { [$0.x, $0.y] } } }
        var backward = [Float](repeating: .nan, count: forward.count)
        lipsmith_invert_grid(forward, Int32(columns), Int32(rows), &backward)
        for y in 1..<rows - 1 {
            for x in 1..<columns - 1 {
                let at = 2 * (y * columns + x)
                let from = SIMD2(Float(x) + backward[at], Float(y) + backward[at + 1])
                let there = from + motion(from.x, from.y)
                #expect(abs(there.x - Float(x)) < 0.12, "\(x) \(y)")
                #expect(abs(there.y - Float(y)) < 0.12, "\(x) \(y)")
            }
        }
    }

    @Test("A layer covers by its mask")
    func layers() {
        var target: [UInt8] = [10, 200, 10, 200, 0, 255]
        lipsmith_lay_over(&target, [110, 100, 110, 100, 255, 0], [0, 255, 128, 128, 255, 255], 6)
        #expect(target == [10, 100, 60, 150, 255, 0])
    }
}
