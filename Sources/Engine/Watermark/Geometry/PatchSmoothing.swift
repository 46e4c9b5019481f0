import CKernels
import Foundation

/// Gaussian means over the part of the patch that a mesh covers; what lies outside does not count.
///
/// Used by one thread at a time; allocates nothing after `init`.
struct PatchSmoothing {
    /// The middle and one half of the Gaussian.
    private let weights: [Float]
    /// One over the share of the Gaussian that falls on covered pixels; 0 outside.
    private var correction: [Float]
    private var work: [Float]

    /// - Parameters:
    ///   - deviation: The Gaussian's, in patch pixels.
    ///   - cover: 1 for the pixels that count, 0 for the others.
    init(deviation: Float, cover: [Float]) {
        let radius = Int((3 * deviation).rounded(.up))
        let bell = (0...radius).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
        let sum = bell[0] + 2 * bell.dropFirst().reduce(0, +)
        weights = bell.map { $0 / sum }
        work = [Float](repeating: 0, count: FacePatch.count)
        correction = [Float](repeating: 0, count: FacePatch.count)
        var share = cover
        smooth(&share)
        for index in cover.indices where cover[index] > 0 { correction[index] = 1 / share[index] }
    }

    /// Replaces values, which are 0 outside, by their means; outside they stay 0.
    mutating func average(_ values: inout [Float]) {
        smooth(&values)
        for index in 0..<FacePatch.count { values[index] *= correction[index] }
    }

    private mutating func smooth(_ values: inout [Float]) {
        values.withUnsafeMutableBufferPointer { values in
            lipsmith_smooth_picture(
                values.baseAddress!, Int32(FacePatch.columns), Int32(FacePatch.rows), weights,
                Int32(weights.count - 1), &work, values.baseAddress!)
        }
    }
}
