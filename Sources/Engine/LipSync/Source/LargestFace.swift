package import Face
package import Media
import Rendering

extension SpeakerScene {
    /// The mouth of a whole clip's largest face, for measuring and training; `nil` without a face.
    ///
    /// - Parameter reader: At the clip's start; is read to its end.
    /// - Throws: `MediaError`, `InferenceError`.
    package init?(largestFaceIn reader: VideoReader, models: FaceModels) throws {
        let tracker = FaceTracker(models)
        var frames: [Int] = []
        var track = LandmarkTrack(pictureSide: max(reader.info.width, reader.info.height))
        while let frame = try reader.next() {
            guard let face = try tracker.track(frame).faces.max(by: { $0.box.area < $1.box.area }) else { continue }
            frames.append(frame.index)
            track.append(face.landmarks)
        }
        guard !frames.isEmpty else { return nil }
        self.init(
            shot: 0, identity: 0, frameNumbers: frames, track: track,
            confidences: Array(repeating: 1, count: frames.count), framesPerSecond: reader.info.frameRate.value)
    }
}
