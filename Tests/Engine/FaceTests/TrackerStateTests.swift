import Face
import Foundation
import Media
import TestSupport
import Testing

@Suite("What a tracker remembers")
struct TrackerStateTests {
    /// The portrait, swaying, 256 × 256.
    private func frames(_ count: Int) throws -> [VideoFrame] {
        let folder = try TemporaryFolder()
        let path = folder.path("swaying.mp4")
        try Program.ffmpeg([
            "-loop", "1", "-framerate", "25", "-i", Repository.portrait, "-vf",
            "crop=340:340:55:0,rotate='0.1*sin(t*2)':bilinear=1,crop=300:300,scale=256:256", "-frames:v", "\(count)",
            "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-crf", "16", path,
        ])
        return try TestPictures.frames(path)
    }

    @Test("A tracker that is made with it goes on as the first would, also when it was written down")
    func goesOn() throws {
        let frames = try frames(30)
        let tracker = try TestFaces.tracker()
        for frame in frames[..<13] { _ = try tracker.track(frame) }
        let written = try PropertyListEncoder().encode(tracker.state)
        let state = try PropertyListDecoder().decode(FaceTrackerState.self, from: written)
        #expect(state == tracker.state)
        let second = FaceTracker(try TestFaces.models(), searchesTiles: false, state: state)
        for frame in frames[13...] {
            let (a, b) = (try tracker.track(frame), try second.track(frame))
            #expect(a.faces.map(\.landmarks) == b.faces.map(\.landmarks))
            #expect(a.faces.map(\.identity) == b.faces.map(\.identity))
            #expect(a.shot == b.shot)
        }
        #expect(second.state == tracker.state)
    }

    @Test("A tracker that has begun later comes to see the same, to the bit, but for the numbers that it gives")
    func agrees() throws {
        let frames = try frames(100)
        let (first, second) = (try TestFaces.tracker(), try TestFaces.models())
        for frame in frames[..<20] { _ = try first.track(frame) }
        let later = FaceTracker(second, searchesTiles: false, state: FaceTrackerState(firstFrameNumber: 20))
        var agreement: Int?
        for (number, frame) in frames.enumerated().dropFirst(20) {
            let (a, b) = (try first.track(frame), try later.track(frame))
            guard first.state.identities(of: later.state) != nil else {
                #expect(agreement == nil, "frame \(number)")
                continue
            }
            if agreement != nil { #expect(a.faces.map(\.landmarks) == b.faces.map(\.landmarks), "frame \(number)") }
            agreement = agreement ?? number
        }
        #expect((agreement ?? 100) < 70)
        #expect(first.state.identities(of: later.state) == [0: 0])
    }

    @Test("Trackers that see other things, or count frames otherwise, do not agree")
    func disagree() throws {
        let frames = try frames(40)
        let trackers = [try TestFaces.tracker(), try TestFaces.tracker(), try TestFaces.tracker()]
        for number in 0..<39 {
            _ = try trackers[0].track(frames[number])
            _ = try trackers[1].track(frames[number + 1])
            if number > 0 { _ = try trackers[2].track(frames[number]) }
        }
        #expect(trackers[0].state.identities(of: trackers[1].state) == nil)
        #expect(trackers[0].state.identities(of: trackers[2].state) == nil)
        #expect(trackers[0].state.identities(of: trackers[0].state) == [0: 0])
    }
}
