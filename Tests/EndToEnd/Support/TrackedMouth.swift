import Face
import Media
import TestSupport

/// Mouths as the face tracker sees them in finished videos.
enum TrackedMouth {
    /// The gap between the lips in each frame of a file, in face units; `nil` without a face.
    static func openings(_ path: String) throws -> [Float?] {
        let reader = try VideoReader(path)
        let tracker = try TestFaces.tracker()
        var values: [Float?] = []
        while let frame = try reader.next() {
            values.append(
                try tracker.track(frame).faces.first.map { face in
                    let pose = FacePose(of: face.landmarks)
                    return pose.canonical(face.landmarks[Landmarks.lowerLipMiddle]).y
                        - pose.canonical(face.landmarks[Landmarks.upperLipMiddle]).y
                })
        }
        return values
    }
}
