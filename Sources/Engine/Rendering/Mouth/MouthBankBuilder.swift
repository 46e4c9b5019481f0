import Face
import Media

/// Collects the mouth pictures of one speaker in one shot while the clip is read, within a budget of memory.
///
/// When the budget is spent, a quarter of the pictures go: those that others resemble most in shape, pose, light and
/// visible teeth. So what is rare stays, and a shot of any length keeps its widest vowel. Which pictures remain depends
/// on the clip alone.
public struct MouthBankBuilder: Sendable {
    private let maximumPictures: Int
    private let maximumBytes: Int
    private var bytes = 0
    package private(set) var pictures: [MouthPicture] = []

    /// - Parameters:
    ///   - maximumPictures: The number of pictures kept at the most.
    ///   - maximumBytes: The bytes of pixels kept at the most.
    public init(maximumPictures: Int = 512, maximumBytes: Int = 96 << 20) {
        self.maximumPictures = maximumPictures
        self.maximumBytes = maximumBytes
    }

    /// Offers the mouth of one frame.
    ///
    /// - Parameter thumbnail: Of the same face in the same frame; `nil` has it made.
    package mutating func add(
        _ frame: VideoFrame, number: Int, landmarks: [SIMD3<Float>], thumbnail: FaceThumbnail? = nil
    ) {
        let picture = MouthPicture(
            frame, number: number, landmarks: landmarks,
            thumbnail: thumbnail ?? FaceThumbnail(frame, landmarks: landmarks))
        pictures.append(picture)
        bytes += picture.pixels.count
        while pictures.count > 2, pictures.count > maximumPictures || bytes > maximumBytes { thin() }
    }

    /// Takes out the pictures of some frames.
    public mutating func remove(frames: Set<Int>) { remove { frames.contains($0.frameNumber) } }

    /// Takes out the pictures in which something stands before the mouth, unless that would take most of them.
    public mutating func removeCovered(framesPerSecond: Double) {
        let masks = OccluderMasks(
            pictures.map(\.thumbnail), frameNumbers: pictures.map(\.frameNumber), framesPerSecond: framesPerSecond)
        guard masks.coveredFrames.count * 2 < pictures.count else { return }
        remove(frames: masks.coveredFrames)
    }

    private mutating func remove(_ goes: (MouthPicture) -> Bool) {
        pictures.removeAll(where: goes)
        bytes = pictures.reduce(0) { $0 + $1.pixels.count }
    }

    /// Drops a quarter of the pictures, those that are most like another that stays.
    private mutating func thin() {
        let features = pictures.map(\.look.summary)
        let pairs = features.indices.map { index -> (distance: Float, index: Int, other: Int) in
            var nearest = (distance: Float.infinity, index: index, other: index)
            for other in features.indices where other != index {
                let distance = MouthLook.squaredDistance(features[index], features[other])
                if distance < nearest.distance { nearest = (distance, index, other) }
            }
            return nearest
        }.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
        var gone: Set<Int> = []
        let wanted = max(pictures.count / 4, 1)
        for pair in pairs where gone.count < wanted && !gone.contains(pair.other) { gone.insert(pair.index) }
        remove(frames: Set(gone.map { pictures[$0].frameNumber }))
    }
}
