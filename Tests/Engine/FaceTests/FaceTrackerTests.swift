import Face
import Foundation
import Media
import TestSupport
import Testing

@Suite("Faces in pictures")
struct FaceTrackerTests {
    /// Where the portrait's outer eye corners are, marked by hand in the 512 × 512 original.
    private static let rightEye = SIMD2<Float>(192.5, 100)
    private static let leftEye = SIMD2<Float>(258, 102)

    private func onlyFace(_ frame: VideoFrame) throws -> FaceObservation {
        let faces = try TestFaces.tracker().track(frame).faces
        #expect(faces.count == 1)
        return try #require(faces.first)
    }

    private func eye(_ face: FaceObservation, _ index: Int) -> SIMD2<Float> {
        SIMD2(face.landmarks[index].x, face.landmarks[index].y)
    }

    private func distance(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float { ((a - b) * (a - b)).sum().squareRoot() }

    @Test("The portrait's face is found with 468 points and its eyes where they are")
    func portrait() throws {
        let face = try onlyFace(try TestPictures.portrait())
        #expect(face.landmarks.count == 468)
        #expect(face.confidence > 0.9)
        #expect(distance(eye(face, Landmarks.rightEyeOuter), Self.rightEye) < 5)
        #expect(distance(eye(face, Landmarks.leftEyeOuter), Self.leftEye) < 5)
    }

    @Test("The mouth's points lie on the portrait's mouth")
    func mouth() throws {
        let face = try onlyFace(try TestPictures.portrait())
        #expect(distance(eye(face, Landmarks.rightCorner), SIMD2(204, 140)) < 5)
        #expect(distance(eye(face, Landmarks.leftCorner), SIMD2(244, 141)) < 5)
        #expect(distance(eye(face, Landmarks.chin), SIMD2(224, 176)) < 7)
    }

    @Test("A turned portrait has its eyes where the turn takes them", arguments: [-30, -15, 15, 30])
    func turned(degrees: Int) throws {
        let face = try onlyFace(try TestPictures.portrait("rotate=\(degrees)*PI/180"))
        let angle = Float(degrees) * .pi / 180
        let square = angle * angle
        let (sine, cosine) = (angle - angle * square / 6, 1 - square / 2 + square * square / 24)
        func turn(_ point: SIMD2<Float>) -> SIMD2<Float> {
            let p = point - 256
            return SIMD2(cosine * p.x - sine * p.y, sine * p.x + cosine * p.y) + 256
        }
        #expect(distance(eye(face, Landmarks.rightEyeOuter), turn(Self.rightEye)) < 6)
        #expect(distance(eye(face, Landmarks.leftEyeOuter), turn(Self.leftEye)) < 6)
    }

    /// The settled mesh of the only face of a picture.
    private static func settled(_ frame: VideoFrame) throws -> [SIMD3<Float>] {
        let tracker = try TestFaces.tracker()
        var faces: [FaceObservation] = []
        for _ in 0..<4 { faces = try tracker.track(frame).faces }
        #expect(faces.count == 1)
        return try #require(faces.first).landmarks
    }

    private static func mesh(degrees: Int) throws -> [SIMD3<Float>] {
        try settled(try TestPictures.portrait("format=gbrp,rotate=\(degrees)*PI/180:ow=724:oh=724"))
    }

    /// What every turned mesh is compared with.
    private static let upright = Result { try mesh(degrees: 0) }

    @Test(
        "The mesh of a turned picture is the turned mesh, whatever the angle",
        arguments: [30, 45, 60, 90, 110, 135, 160, 180, 200, 225, 250, 270, 300, 330])
    func anyAngle(degrees: Int) throws {
        let angle = Float(degrees) * .pi / 180
        let unit = distance(Self.rightEye, Self.leftEye)
        let meshes = (upright: try Self.upright.get(), turned: try Self.mesh(degrees: degrees))
        var (sum, largest): (Float, Float) = (0, 0)
        for (point, seen) in zip(meshes.upright, meshes.turned) {
            let p = SIMD2(point.x, point.y) - 361.5
            let wanted = SIMD2(cos(angle) * p.x - sin(angle) * p.y, sin(angle) * p.x + cos(angle) * p.y) + 361.5
            let error = distance(SIMD2(seen.x, seen.y), wanted) / unit
            sum += error
            largest = max(largest, error)
        }
        #expect(sum / 468 < 0.02, "\(sum / 468)")
        #expect(largest < 0.08, "\(largest)")
        let (a, b) = (FacePose(of: meshes.upright).rotation, FacePose(of: meshes.turned).rotation)
        let tilt = (b.rollRadians - a.rollRadians - angle).remainder(dividingBy: 2 * .pi)
        #expect(abs(tilt) < 0.05)
        #expect(abs(b.yawRadians - a.yawRadians) < 0.06)
        #expect(abs(b.pitchRadians - a.pitchRadians) < 0.06)
    }

    @Test("An upright face and one on its head are both found in one picture")
    func bothWays() throws {
        let frame = try TestPictures.portrait("crop=300:300:75:0,split[a][b];[b]vflip[c];[a][c]hstack")
        let faces = try TestFaces.tracker().track(frame).faces.sorted { $0.box.center.x < $1.box.center.x }
        #expect(faces.count == 2)
        let downs = faces.map { FaceRectangle(around: $0.landmarks).down.y }
        #expect(downs.first ?? 0 > 0.9)
        #expect(downs.last ?? 0 < -0.9)
    }

    @Test("A portrait of half and of a third of the size has its eyes where they are", arguments: [2, 3])
    func small(factor: Int) throws {
        let side = 512 / factor / 2 * 2
        let face = try onlyFace(try TestPictures.portrait("scale=\(side):\(side)"))
        let scale = Float(side) / 512
        #expect(distance(eye(face, Landmarks.rightEyeOuter), Self.rightEye * scale) < 6 * scale + 0.5)
        #expect(distance(eye(face, Landmarks.leftEyeOuter), Self.leftEye * scale) < 6 * scale + 0.5)
    }

    /// A noisy picture of 4000 × 3000 pixels with the portrait's face 42 pixels wide at some places.
    private func wide(_ places: [SIMD2<Int>], filters: String = "null") throws -> VideoFrame {
        let folder = try TemporaryFolder()
        let file = folder.path("wide.png")
        let copies = places.indices.map { "[f\($0)]" }.joined()
        var graph = "[1]scale=228:228:flags=area,crop=120:110:40:0,split=\(places.count)\(copies);"
        var last = "[0]"
        for (index, place) in places.enumerated() {
            // The middle of the mesh is at (100, 55) of the small portrait.
            graph += "\(last)[f\(index)]overlay=\(place.x - 60):\(place.y - 55)[o\(index)];"
            last = "[o\(index)]"
        }
        try Program.ffmpeg([
            "-f", "lavfi", "-i", "color=c=0x7a8894:s=4000x3000,noise=alls=12:allf=u:all_seed=1", "-i",
            Repository.portrait, "-filter_complex", graph + "\(last)\(filters)", "-frames:v", "1", file,
        ])
        return try #require(try TestPictures.frames(file).first)
    }

    // Tiles of 640 pixels begin every 480 pixels across and every 472 down.
    private static let places = [
        SIMD2(320, 320), SIMD2(1280, 480), SIMD2(960, 1100), SIMD2(2400, 944), SIMD2(3870, 2880), SIMD2(2560, 1900),
        SIMD2(1500, 2360),
    ]

    @Test(
        "Faces of 42 pixels in 4000 are found in the middle of tiles and on their borders",
        arguments: ["null", "hflip,vflip"])
    func tiles(filters: String) throws {
        let frame = try wide(Self.places, filters: filters)
        let tracker = FaceTracker(try TestFaces.models(), searchesTiles: true)
        _ = try tracker.track(frame)
        let faces = try tracker.track(frame).faces
        #expect(faces.count == Self.places.count)
        for place in Self.places {
            let upright = SIMD2(Float(place.x), Float(place.y))
            let wanted = filters == "null" ? upright : SIMD2(3999, 2999) - upright
            let nearest = faces.min { distance($0.box.center, wanted) < distance($1.box.center, wanted) }
            let face = try #require(nearest)
            #expect(distance(face.box.center, wanted) < 6, "\(place)")
            #expect(face.widthPixels > 38, "\(face.widthPixels)")
            #expect(face.widthPixels < 46, "\(face.widthPixels)")
        }
    }

    @Test("There is no face in the tiles of noise")
    func emptyTiles() throws {
        let frame = try wide([SIMD2(320, 320)], filters: "drawbox=x=200:y=200:w=240:h=240:c=gray:t=fill")
        #expect(try FaceTracker(try TestFaces.models(), searchesTiles: true).track(frame).faces.isEmpty)
    }

    @Test("A mirrored portrait is a mirrored mesh: the subject's right stays on the left")
    func mirrored() throws {
        let face = try onlyFace(try TestPictures.portrait("hflip"))
        #expect(distance(eye(face, Landmarks.rightEyeOuter), SIMD2(511 - Self.leftEye.x, Self.leftEye.y)) < 6)
        #expect(distance(eye(face, Landmarks.leftEyeOuter), SIMD2(511 - Self.rightEye.x, Self.rightEye.y)) < 6)
    }

    @Test(
        "There is no face in noise, in flat pictures and in the portrait's own suit",
        arguments: [
            "geq=lum='random(1)*255':cb=128:cr=128", "drawbox=c=gray:t=fill", "drawbox=c=black:t=fill",
            "crop=256:200:100:300",
        ])
    func noFace(filters: String) throws {
        #expect(try TestFaces.tracker().track(try TestPictures.portrait(filters)).faces.isEmpty)
    }

    @Test("The same frames give the same points, to the bit")
    func deterministic() throws {
        let frame = try TestPictures.portrait()
        let (first, second) = (try TestFaces.tracker(), try TestFaces.tracker())
        for _ in 0..<3 {
            #expect(try first.track(frame).faces.map(\.landmarks) == second.track(frame).faces.map(\.landmarks))
        }
    }
}
