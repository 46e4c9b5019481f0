import Face
import Foundation
import Media
import Rendering
import Watermark

/// Processor time of this thread in seconds.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The start of a clip with the mark on its largest face, as the engine would write it.
struct MarkedClip {
    /// Milliseconds of painting a frame.
    var paintMilliseconds = 0.0
    /// The ratio of the brightest signal to the squared difference, in decibels, over the changed pixels and frames.
    var signalToNoiseDecibels = 0.0
    /// The median distance of the jaw's corners in pixels.
    var jawPixels: Float = 0
    var frameCount = 0

    /// The angles of the jaw.
    private static let jawCorners = (58, 288)

    /// Follows the face, smooths its track as renderers do, and writes the marked frames.
    init(
        _ path: String, to output: String, seconds: Double, meshPoints: [Int], identifier: UInt32, models: FaceModels,
        basis: CarrierBasis, constantRateFactor: Int, strength: Float
    ) throws {
        let reader = try VideoReader(path)
        let rate = reader.info.frameRate.value
        let tracker = FaceTracker(models)
        var frames: [VideoFrame] = []
        // A run of values for each unbroken sight of the face.
        var sights: [(first: Int, values: [Float])] = []
        var jaws: [Float] = []
        while Double(frames.count) < seconds * rate, let frame = try reader.next() {
            let faces = try tracker.track(frame).faces
            if let face = faces.max(by: { $0.widthPixels < $1.widthPixels }) {
                let row = face.landmarks.flatMap { [$0.x, $0.y] }
                let isNext = sights.last.map { $0.first + $0.values.count / row.count == frames.count } ?? false
                if isNext {
                    sights[sights.count - 1].values += row
                } else {
                    sights.append((frames.count, row))
                }
                let jaw = face.landmarks[Self.jawCorners.0] - face.landmarks[Self.jawCorners.1]
                jaws.append((jaw * jaw).sum().squareRoot())
            }
            frames.append(try frame.copy())
        }
        guard !jaws.isEmpty else { throw Treatment.Failure(description: "no face in \(path)") }
        jawPixels = jaws.sorted()[jaws.count / 2]
        frameCount = frames.count
        let painter = WatermarkPainter(key: .standard, identifier: identifier, meshPoints: meshPoints, basis: basis)
        var (spent, squares, changed) = (0.0, 0.0, 0)
        var marks = 0
        for sight in sights {
            var values = sight.values
            LandmarkSmoother.smooth(&values, rowLength: 936, framesPerSecond: rate)
            for row in 0..<values.count / 936 {
                let frame = frames[sight.first + row]
                let original = try frame.copy()
                try frame.makeWritable()
                let points = meshPoints.map { SIMD2(values[row * 936 + 2 * $0], values[row * 936 + 2 * $0 + 1]) }
                let start = threadSeconds()
                painter.paint(
                    into: frame, points: points, seconds: Double(sight.first + row) / rate, strength: strength)
                spent += threadSeconds() - start
                marks += 1
                let difference = Self.difference(original.luma, frame.luma)
                squares += difference.squares
                changed += difference.count
            }
        }
        paintMilliseconds = spent / Double(max(marks, 1)) * 1000
        signalToNoiseDecibels = 10 * log10(255 * 255 * Double(max(changed, 1)) / max(squares, 1e-9))
        let writer = try VideoWriter(
            output,
            video: VideoOutputSettings(
                width: reader.info.width, height: reader.info.height, frameRate: reader.info.frameRate,
                constantRateFactor: constantRateFactor, preset: "veryfast", color: reader.info.color), audio: nil)
        for frame in frames { try writer.append(frame) }
        try writer.finish()
    }

    private static func difference(_ a: Plane, _ b: Plane) -> (squares: Double, count: Int) {
        var (squares, count) = (0, 0)
        for row in 0..<a.height {
            let (left, right) = (a.base + row * a.stride, b.base + row * b.stride)
            for column in 0..<a.width {
                let difference = Int(left[column]) - Int(right[column])
                squares += difference * difference
                count += difference == 0 ? 0 : 1
            }
        }
        return (Double(squares), count)
    }
}
