import Face
import Media
import TestSupport
import Testing

@Suite("Faces from frame to frame")
struct FaceIdentityTests {
    private func tracked(_ filters: String, frames count: Int) throws -> [TrackedFrame] {
        let folder = try TemporaryFolder()
        let file = folder.path("clip.mp4")
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "25", "-i", Repository.portrait, "-filter_complex", filters, "-frames:v",
            "\(count)", "-pix_fmt", "yuv420p", "-crf", "12", "-preset", "ultrafast", file,
        ])
        let tracker = try TestFaces.tracker()
        return try TestPictures.frames(file).map { try tracker.track($0) }
    }

    @Test("Two people keep their identities while the camera pans")
    func twoFaces() throws {
        let frames = try tracked(
            "split[a][b];[a]crop=300:300:75:0[c];[b]crop=300:300:75:0,hflip[d];[c][d]hstack,pad=760:300:80:0,"
                + "crop=640:300:x='60+60*sin(n/12)':y=0", frames: 60)
        #expect(frames.count == 60)
        #expect(frames.allSatisfy { $0.shot == 0 })
        #expect(frames.allSatisfy { $0.faces.map(\.identity) == [0, 1] })
        let leftIsFirst = frames.map { $0.faces[0].box.center.x < $0.faces[1].box.center.x }
        #expect(Set(leftIsFirst).count == 1)
        let path = frames.map { $0.faces[0].box.center.x }
        // The pan moves by at most five pixels a frame; a slip onto the other face would be three hundred.
        for (a, b) in zip(path, path.dropFirst()) { #expect(abs(a - b) < 12) }
        #expect((path.max() ?? 0) - (path.min() ?? 0) > 90)
    }

    @Test("A cut to black and back ends the shot, and the face that returns is a new one")
    func cutToBlack() throws {
        let frames = try tracked(
            "crop=300:300:75:0,drawbox=c=black:t=fill:enable='between(n,8,12)'", frames: 24)
        #expect(
            frames.map(\.shot) == Array(repeating: 0, count: 8) + Array(repeating: 1, count: 5)
                + Array(repeating: 2, count: 11))
        #expect(
            frames.map(\.faces.count) == Array(repeating: 1, count: 8) + Array(repeating: 0, count: 5)
                + Array(repeating: 1, count: 11))
        #expect(frames[0].faces.map(\.identity) == frames[7].faces.map(\.identity))
        #expect(Set(frames[13...].flatMap { $0.faces.map(\.identity) }).count == 1)
        #expect(frames[7].faces.map(\.identity) != frames[13].faces.map(\.identity))
    }

    // A hand before the face is no cut: the face that comes back is the same one, and is never invented meanwhile.
    @Test("A face that is covered for a moment comes back with its identity")
    func covered() throws {
        let frames = try tracked(
            "drawbox=x=160:y=30:w=140:h=170:c=gray:t=fill:enable='between(n,12,19)'", frames: 40)
        #expect(frames.allSatisfy { $0.shot == 0 })
        #expect(frames[12...19].allSatisfy { $0.faces.isEmpty })
        #expect(frames[..<12].allSatisfy { $0.faces.map(\.identity) == [0] })
        #expect(frames[20...].allSatisfy { $0.faces.map(\.identity) == [0] })
    }

    @Test("A face that enters later is found within the interval of looking")
    func enters() throws {
        let frames = try tracked(
            "split[a][b];[a]crop=300:300:75:0[c];[b]crop=300:300:75:0,hflip[d];[c][d]hstack,"
                + "drawbox=x=380:y=20:w=160:h=180:c=gray:t=fill:enable='lt(n,15)'", frames: 36)
        #expect(frames[..<15].allSatisfy { $0.faces.map(\.identity) == [0] })
        #expect(frames[26...].allSatisfy { $0.faces.map(\.identity) == [0, 1] })
    }
}
