/// Smooths landmark tracks in time without lag, by fitting a parabola around each frame (Savitzky and Golay, Anal.
/// Chem. 36, 1627, 1964).
///
/// Below about 20 frames a second tracks stay as they are: a parabola needs five frames, and within five frames of such
/// a clip lips open and close.
public enum LandmarkSmoother {
    /// The window's half width in frames at `baseRate`, 5 frames in all: Lipsmith's video study, which used it at 25 to
    /// 30 frames a second and asks for a window that is scaled with the rate.
    private static let halfWidthAtBaseRate = 2.0
    /// The middle of the study's rates, in frames a second.
    private static let baseRate = 27.5

    /// The weights of the window for a frame rate: an odd number of values with sum 1; `[1]` where nothing is smoothed.
    public static func kernel(framesPerSecond: Double) -> [Float] {
        kernel(halfWidth: Int((halfWidthAtBaseRate * framesPerSecond / baseRate).rounded()))
    }

    private static func kernel(halfWidth half: Int) -> [Float] {
        guard half >= 2 else { return [1] }
        let n = Double(half)
        // The quadratic smoothing weights in closed form (Savitzky and Golay, see above).
        return (-half...half).map { offset in
            let i = Double(offset)
            let weight = 3 * (3 * n * n + 3 * n - 1 - 5 * i * i) / ((2 * n + 3) * (2 * n + 1) * (2 * n - 1))
            return Float(weight)
        }
    }

    /// Smooths `values`, rows of `rowLength` numbers, one row a frame, in place. Near the ends the window shrinks
    /// symmetrically, so that the first and last rows stay as they are.
    public static func smooth(_ values: inout [Float], rowLength: Int, framesPerSecond: Double) {
        let frames = values.count / max(rowLength, 1)
        let half = (kernel(framesPerSecond: framesPerSecond).count - 1) / 2
        let kernels = (0...half).map(kernel(halfWidth:))
        let source = values
        for frame in 0..<frames {
            let room = min(frame, frames - 1 - frame, half)
            guard room >= 2 else { continue }
            let weights = kernels[room]
            for column in 0..<rowLength {
                var sum: Float = 0
                for offset in -room...room {
                    sum += weights[offset + room] * source[(frame + offset) * rowLength + column]
                }
                values[frame * rowLength + column] = sum
            }
        }
    }
}
