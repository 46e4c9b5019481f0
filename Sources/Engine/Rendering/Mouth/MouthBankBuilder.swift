import Face
package import Media

/// Collects the mouth pictures of one speaker in one shot while the clip is read, within a budget of memory.
///
/// When the budget is exceeded, a quarter of the pictures is dropped: those that are most similar to another one in
/// shape, pose, light and visible teeth. Rare pictures are kept, so a shot of any length keeps its widest vowel. Which
/// pictures remain depends on the clip alone.
public struct MouthBankBuilder: Codable, Sendable {
    private let maximumPictures: Int
    private let maximumBytes: Int
    private var bytes = 0
    package private(set) var pictures: [MouthPicture] = []

    /// - Parameters:
    ///   - maximumPictures: The most pictures that are kept. Lipsmith's video study recommends 500 to 1000; 512 bounds
    ///     the time of the path search.
    ///   - maximumBytes: The most bytes of pixels that are kept.
    public init(maximumPictures: Int = 512, maximumBytes: Int = 96 << 20) {
        self.maximumPictures = maximumPictures
        self.maximumBytes = maximumBytes
    }

    /// Adds the mouth of one frame.
    ///
    /// - Parameters:
    ///   - number: The frame's number in the clip.
    ///   - landmarks: The 468 points of the face in pixels.
    ///   - thumbnail: Of the same face in the same frame; computed when `nil`.
    package mutating func add(
        _ frame: VideoFrame, number: Int, landmarks: [SIMD3<Float>], thumbnail: FaceThumbnail? = nil
    ) {
        append(
            MouthPicture(
                frame, number: number, landmarks: landmarks,
                thumbnail: thumbnail ?? FaceThumbnail(frame, landmarks: landmarks)))
    }

    /// Adds a picture that was cut out before. Those of one builder without a limit, added to another one, leave there what
    /// adding the frames themselves would.
    package mutating func append(_ picture: MouthPicture) {
        pictures.append(picture)
        bytes += picture.pixels.count
        while pictures.count > 2, pictures.count > maximumPictures || bytes > maximumBytes { thin() }
    }

    /// Removes the pictures of some frames.
    public mutating func remove(frames: Set<Int>) { remove { frames.contains($0.frameNumber) } }

    /// Removes the pictures in which something covers the mouth, unless that were half of them or more.
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

    /// Drops a quarter of the pictures: those most similar to another one that is kept.
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
