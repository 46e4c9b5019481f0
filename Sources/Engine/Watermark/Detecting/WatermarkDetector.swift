import Face
public import Media

/// Looks for marks in the faces of a clip: takes in its frames one after the other, then says for any keys whether their
/// mark is there.
///
/// Neither the clip's start nor its frame rate matter: the mark's swing is found in any phase. Used by one thread at a time.
public final class WatermarkDetector {
    private let basis: CarrierBasis
    private var reader: PatchReader
    private var track: CarrierTrack
    private var smoothing: PatchSmoothing
    private var detail = [Float](repeating: 0, count: FacePatch.count)

    /// What is coarser than this, in patch pixels, is the face's own light and shade; details beyond so many grey levels
    /// are edges. Lipsmith's watermark study.
    private static let coarseDeviation: Float = 7
    private static let largestDetail: Float = 12
    /// Of a clip so much is looked at for wide speeds, in seconds: errors of speed add up (likewise).
    private static let wideSeconds = 12.0

    public convenience init() { self.init(basis: .standard) }

    /// - Parameter meshPoints: The points of the mesh by which faces are read; all that the mesh network gives by default.
    package init(basis: CarrierBasis, meshPoints: [Int] = Array(0..<468)) {
        self.basis = basis
        reader = PatchReader(meshPoints: meshPoints)
        smoothing = PatchSmoothing(deviation: Self.coarseDeviation, cover: reader.cover)
        track = CarrierTrack(carrierCount: basis.count)
    }

    /// The number of frames that were taken in.
    public var frameCount: Int { track.times.count }

    /// The time from the first to the last of them in seconds.
    public var durationSeconds: Double { track.durationSeconds }

    /// Takes in a frame, with a later time than those before; a face that cannot be read is left out.
    ///
    /// - Parameters:
    ///   - landmarks: The 468 points of the face in pixels, as `FaceTracker` gives them.
    ///   - seconds: The time of the frame in the clip.
    public func collect(_ frame: VideoFrame, landmarks: [SIMD3<Float>], seconds: Double) {
        collect(frame, points: landmarks.map { SIMD2($0.x, $0.y) }, seconds: seconds)
    }

    package func collect(_ frame: VideoFrame, points: [SIMD2<Float>], seconds: Double) {
        guard seconds > track.times.last ?? -.infinity, reader.read(frame, points: points) else { return }
        for index in 0..<FacePatch.count { detail[index] = reader.values[index] }
        smoothing.average(&detail)
        for index in 0..<FacePatch.count {
            let value = reader.values[index] - detail[index]
            detail[index] = min(max(value, -Self.largestDetail), Self.largestDetail) * reader.visibility[index]
        }
        track.append(seconds: seconds) { basis.project(detail, into: &$0) }
    }

    /// How well the frames fit the marks of some keys, in the keys' order.
    public func scores(of keys: [WatermarkKey], speeds: WatermarkSpeeds = .usual) -> [WatermarkScore] {
        let examined = speeds == .wide ? track.prefix(seconds: Self.wideSeconds) : track
        let spectra =
            examined.times.count < CarrierSpectrum.leastFrames
            ? [] : speeds.factors.compactMap { CarrierSpectrum(examined, speed: $0) }
        return keys.map { WatermarkScore(spectra, key: $0, speeds: speeds) }
    }
}
