import Foundation

/// How strong the mark is at each place of a face, so that it is found and not seen.
///
/// It follows the skin: beard and stubble hide more than smooth skin, dark skin hides less than light. All constants are
/// those of Lipsmith's watermark study, in grey levels and patch pixels. Used by one thread at a time; allocates nothing
/// after `init`.
struct MarkStrength {
    /// The root mean square of the mark over the window, in grey levels, at the wave's crest where the gain is 1.
    static let greyLevels: Float = 1.3

    /// Gain on perfectly smooth skin; how much it grows for each grey level of the texture's deviation; its bounds.
    private static let smoothGain: Float = 0.55
    private static let textureSlope: Float = 0.35
    private static let gains: ClosedRange<Float> = 0.55...1.7
    /// The grey level from which the mark has its full strength, and the least share below.
    private static let brightSkin: Float = 90
    private static let leastDarkShare: Float = 0.55
    /// The scale, in picture pixels a patch pixel, from which on the mark has its full strength: a jaw of 180 pixels. On
    /// smaller faces it is finer on the screen, and may be stronger.
    private static let fullScale: Float = 1.9
    private static let sizeExponent: Float = 0.7
    private static let mostSizeGain: Float = 1.45

    /// The strength of the last face for each pixel of the patch; 0 outside the mesh.
    private(set) var values = [Float](repeating: 0, count: FacePatch.count)

    private var coarse = [Float](repeating: 0, count: FacePatch.count)
    private var texture = [Float](repeating: 0, count: FacePatch.count)
    private var detailSmoothing: PatchSmoothing
    private var textureSmoothing: PatchSmoothing
    private var lightSmoothing: PatchSmoothing

    init(cover: [Float]) {
        detailSmoothing = PatchSmoothing(deviation: 2, cover: cover)
        textureSmoothing = PatchSmoothing(deviation: 3, cover: cover)
        lightSmoothing = PatchSmoothing(deviation: 4, cover: cover)
    }

    /// Computes the strength for a face.
    ///
    /// - Parameters:
    ///   - patch: The face's patch in grey levels.
    ///   - scale: Picture pixels a patch pixel.
    mutating func measure(_ patch: [Float], scale: Float) {
        for index in 0..<FacePatch.count { coarse[index] = patch[index] }
        detailSmoothing.average(&coarse)
        for index in 0..<FacePatch.count {
            let detail = patch[index] - coarse[index]
            texture[index] = detail * detail
            coarse[index] = patch[index]
        }
        textureSmoothing.average(&texture)
        lightSmoothing.average(&coarse)
        let size = min(max(pow(Self.fullScale / scale, Self.sizeExponent), 1), Self.mostSizeGain)
        for index in 0..<FacePatch.count {
            let gain = Self.smoothGain + Self.textureSlope * texture[index].squareRoot()
            let light = coarse[index] / Self.brightSkin
            values[index] =
                size * min(max(gain, Self.gains.lowerBound), Self.gains.upperBound)
                * min(max(light, Self.leastDarkShare), 1)
        }
    }
}
