/// A rectangle of luma pixels with even edges, so that it covers whole chroma pixels.
struct PixelRegion: Equatable {
    var left: Int
    var top: Int
    var width: Int
    var height: Int

    /// The offset of a chroma sample from the luma sample with the same (halved) coordinates, in chroma pixels: it lies
    /// in the middle between two luma samples.
    static let chromaOffsetPixels: Float = 0.25

    var isEmpty: Bool { width <= 0 || height <= 0 }

    /// The smallest region that holds a box of pixels, limited to the picture; may be empty.
    init(from low: SIMD2<Float>, to high: SIMD2<Float>, pictureWidth: Int, pictureHeight: Int) {
        func clamp(_ value: Float, _ limit: Int) -> Int { min(max(Int(value.rounded(.down)), 0), limit) }
        left = clamp(low.x, pictureWidth) & ~1
        top = clamp(low.y, pictureHeight) & ~1
        width = (clamp(high.x + 1, pictureWidth) + 1) & ~1
        height = (clamp(high.y + 1, pictureHeight) + 1) & ~1
        width = min(width, pictureWidth & ~1) - left
        height = min(height, pictureHeight & ~1) - top
    }
}
