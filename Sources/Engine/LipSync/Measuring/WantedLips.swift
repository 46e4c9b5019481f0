import Media
import Speech

/// What the lips of an output are to do, frame by frame of the output.
struct WantedLips: Codable, Sendable {
    /// A closure of p, b or m, in seconds of the output, and the frames that show it.
    struct Closure: Codable, Sendable {
        var startSeconds: Double
        var endSeconds: Double
        /// The frame that shows most of it.
        var frame: Int
        /// Its neighbour that is wanted more shut: the mesh's reading of one frame wanders.
        var neighbour: Int?
    }

    /// In shares of the speaker's range; 0 where nothing is to be drawn.
    private(set) var opening: [Float]
    private(set) var width: [Float]
    /// How much is spoken, 0…1.
    private(set) var speech: [Float]
    private(set) var closures: [Closure] = []
    private(set) var phones: [RenderReport.Curves.Phone] = []
    let framesPerSecond: Double

    init(frameCount: Int, framesPerSecond: Double) {
        self.framesPerSecond = framesPerSecond
        opening = Array(repeating: 0, count: frameCount)
        width = Array(repeating: 0, count: frameCount)
        speech = Array(repeating: 0, count: frameCount)
    }

    /// The share of the frames in which somebody speaks, weighted by how much.
    var speechShare: Double { speech.reduce(0) { $0 + Double($1) } / Double(max(speech.count, 1)) }

    /// Lays a track into the output.
    ///
    /// - Parameters:
    ///   - firstFrame: Where the track's first frame stands.
    ///   - soundStartSeconds: Where the sound begins, in seconds of the track.
    ///   - phones: Known phones, in seconds of the sound.
    mutating func add(_ track: MouthTrack, firstFrame: Int, soundStartSeconds: Double = 0, phones: [TimedPhone]) {
        let count = min(track.opening.count, opening.count - firstFrame)
        guard count > 0 else { return }
        for index in 0..<count {
            opening[firstFrame + index] = track.opening[index]
            width[firstFrame + index] = track.width[index]
            speech[firstFrame + index] = track.speech[index]
        }
        let start = Double(firstFrame) / framesPerSecond + soundStartSeconds
        let end = Double(firstFrame + count) / framesPerSecond
        for closure in track.closures {
            let seconds = (start + closure.lowerBound, start + closure.upperBound)
            let first = Int((seconds.0 * framesPerSecond).rounded(.down))
            let last = min(Int((seconds.1 * framesPerSecond).rounded(.down)), firstFrame + count - 1)
            guard first >= firstFrame, first <= last else { continue }
            // The track is shut in the frame that shows most of the closure.
            let frame = (first...last).min { opening[$0] < opening[$1] } ?? first
            let neighbours = [frame - 1, frame + 1].filter { (firstFrame..<firstFrame + count).contains($0) }
            closures.append(
                Closure(
                    startSeconds: seconds.0, endSeconds: min(seconds.1, end), frame: frame,
                    neighbour: neighbours.min { opening[$0] < opening[$1] }))
        }
        for phone in phones where phone.phone != TimedPhone.silence && start + phone.startSeconds < end {
            self.phones.append(
                .init(
                    startSeconds: (start + phone.startSeconds).rounded(toPlaces: 3),
                    endSeconds: min(start + phone.endSeconds, end).rounded(toPlaces: 3), name: phone.phone))
        }
    }

    /// Whether a pause of the sound lasts from a quarter of a second before a frame, in which lips come to rest, to 0.2 s behind
    /// it, where they may part again for what comes.
    ///
    /// - Parameter windows: Whether each hundredth of a second of the output's sound is silent.
    func isInPause(_ frame: Int, windows: [Bool]) -> Bool {
        let middle = Int(Double(frame) / framesPerSecond * Double(SoundMeasuring.windowsPerSecond))
        let (first, last) = (middle - SoundMeasuring.windowsPerSecond / 4, middle + SoundMeasuring.windowsPerSecond / 5)
        return first >= 0 && last < windows.count && windows[first...last].allSatisfy { $0 }
    }

    /// Whether nobody speaks from 0.2 s before to 0.2 s behind a frame: lips need a few frames to come to rest.
    func isSilent(_ frame: Int) -> Bool {
        let settle = Int((0.2 * framesPerSecond).rounded())
        return speech[max(0, frame - settle)...min(speech.count - 1, frame + settle)].allSatisfy { $0 < 0.02 }
    }
}
