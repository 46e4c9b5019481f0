import CKernels
public import Media

/// Adds the mark to redrawn faces.
///
/// The mark is a pattern of a few grey levels on the lower face around the mouth, fixed to the mesh of the face, whose
/// sign swings with time. A painter remembers nothing of the frames before: the same frame, points and time give the same
/// pixels, whoever draws them and in whatever order. It is used by one thread at a time and keeps its memory, so that the
/// steady state allocates nothing.
///
///     let painter = WatermarkPainter(key: .standard, identifier: 0x1234_5678, meshPoints: SpeakerPoints.meshPoints)
///     try frame.makeWritable()
///     painter.paint(into: frame, points: points, seconds: 0.04)
public final class WatermarkPainter {
    private var reader: PatchReader
    private var strength: MarkStrength
    /// The mark at the wave's crest where the strength is 1, one value for each pixel of the patch.
    private let pattern: [Float]
    /// Corners of the triangles on which there is something of the mark.
    private let triangles: [Int32]
    /// The mark of one frame with a border of zeros, and the places of the mesh's points in it.
    private var overlay: [Float]
    private let overlayPlaces: [SIMD2<Float>]

    private static let overlayColumns = FacePatch.columns + 2
    private static let overlayRows = FacePatch.rows + 2

    /// Prepares a mark.
    ///
    /// - Parameters:
    ///   - key: With which the mark is found again.
    ///   - identifier: Can be read off the mark.
    ///   - meshPoints: Which of the mesh's 468 points will be known, each once: at least some around the mouth, along the
    ///     jaw and below the nose. Where they leave gaps there is no mark.
    public convenience init(key: WatermarkKey, identifier: UInt32, meshPoints: [Int]) {
        self.init(key: key, identifier: identifier, meshPoints: meshPoints, basis: .standard)
    }

    package init(key: WatermarkKey, identifier: UInt32, meshPoints: [Int], basis: CarrierBasis) {
        reader = PatchReader(meshPoints: meshPoints)
        strength = MarkStrength(cover: reader.cover)
        let pattern = basis.pattern(CarrierRoles.signs(key, identifier: identifier, carrierCount: basis.count))
        let energy = pattern.reduce(0) { $0 + $1 * $1 }
        let room = basis.window.values.reduce(0) { $0 + $1 * $1 }
        let share = MarkStrength.greyLevels / (energy / room).squareRoot()
        self.pattern = pattern.map { $0 * share }
        let mesh = reader.mesh
        let marked = Set(
            mesh.runs.filter { run in
                run.columns.contains { basis.window.values[run.row * FacePatch.columns + $0] > 0 }
            }.map(\.triangle))
        triangles = marked.sorted().flatMap { number in
            let triangle = mesh.triangles[number]
            return [Int32(triangle.x), Int32(triangle.y), Int32(triangle.z)]
        }
        overlay = [Float](repeating: 0, count: Self.overlayColumns * Self.overlayRows)
        overlayPlaces = mesh.places.map { $0 + 1 }
    }

    /// Adds the mark to a face; leaves the frame alone where the points are none that a face can have.
    ///
    /// - Parameters:
    ///   - frame: Must be writable. Only luma changes, inside the lower face.
    ///   - points: The places of the mesh points in pixels, as the frame now shows them.
    ///   - seconds: The time at which the frame is shown.
    ///   - strength: How strong the mark is: 1 as it is meant to be, 0 not at all. A face that is redrawn by a part gets as
    ///     much of the mark.
    public func paint(into frame: VideoFrame, points: [SIMD2<Float>], seconds: Double, strength share: Float = 1) {
        let range: Float = frame.isFullRange ? 1 : 219 / 255
        let factor = MarkWave.value(atSeconds: seconds) * share * range
        guard factor != 0, reader.read(frame, points: points) else { return }
        strength.measure(reader.values, scale: reader.scale)
        fillOverlay(factor)
        let luma = frame.luma
        let target = lipsmith_luma_target(
            base: luma.base, width: Int32(luma.width), height: Int32(luma.height), stride: luma.stride,
            lowest: frame.isFullRange ? 0 : 16, highest: frame.isFullRange ? 255 : 235)
        overlay.withUnsafeBufferPointer { values in
            let layer = lipsmith_overlay(
                values: values.baseAddress!, columns: Int32(Self.overlayColumns), rows: Int32(Self.overlayRows))
            points.withUnsafeBytes { places in
                overlayPlaces.withUnsafeBytes { sources in
                    lipsmith_add_overlay(
                        target, layer, triangles, Int32(triangles.count / 3),
                        places.assumingMemoryBound(to: Float.self).baseAddress!,
                        sources.assumingMemoryBound(to: Float.self).baseAddress!)
                }
            }
        }
    }

    private func fillOverlay(_ factor: Float) {
        for row in 0..<FacePatch.rows {
            let source = row * FacePatch.columns
            let target = (row + 1) * Self.overlayColumns + 1
            for column in 0..<FacePatch.columns {
                overlay[target + column] = factor * pattern[source + column] * strength.values[source + column]
            }
        }
    }
}
