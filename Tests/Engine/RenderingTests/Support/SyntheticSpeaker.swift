import Face
import Rendering

/// A speaker who is the mean face moved by known curves, seen from the front or turned.
struct SyntheticSpeaker {
    static let unitPixels: Float = 100
    /// The mean face's mouth with the lips shut.
    static let neutral = MouthShape.shut(SpeakerPoints.mouthPoints.map { MeanFace.points[$0] })
    static let mouthWidth: Float = {
        let corners = neutral[MouthIndex.leftCorner] - neutral[MouthIndex.rightCorner]
        return (corners * corners).sum().squareRoot()
    }()

    let curves: [MouthCurves]

    /// A mouth that starts shut and then opens, widens and drops its jaw in ways that no two frames share.
    static func talking(_ count: Int) -> SyntheticSpeaker {
        SyntheticSpeaker(
            curves: (0..<count).map { index in
                guard index >= count / 4 else { return MouthCurves() }
                let phase = Float(index - count / 4)
                func wave(_ period: Float) -> Float {
                    let t = (phase / period).truncatingRemainder(dividingBy: 1)
                    return t < 0.5 ? 2 * t : 2 - 2 * t
                }
                return MouthCurves(
                    opening: 0.05 + 0.3 * wave(11.3), width: 0.15 * wave(17.9) - 0.05, jaw: 0.12 * wave(13.1))
            })
    }

    /// The mesh of one frame in pixels.
    func mesh(_ frame: Int) -> [SIMD3<Float>] {
        var mesh = MeanFace.points
        let shape = MouthShape.drive(Self.neutral, curves[frame], mouthWidth: Self.mouthWidth) { _ in .zero }
        for (index, point) in zip(SpeakerPoints.mouthPoints, shape) { mesh[index] = point }
        return mesh.map { $0 * Self.unitPixels + SIMD3(320, 200, 0) }
    }

    /// The scene of all frames.
    var scene: SpeakerScene { Self.scene(curves.indices.map(mesh)) }

    /// A scene of meshes in consecutive frames.
    static func scene(_ meshes: [[SIMD3<Float>]]) -> SpeakerScene {
        var track = LandmarkTrack(pictureSide: 640)
        for mesh in meshes { track.append(mesh) }
        return SpeakerScene(
            shot: 0, identity: 0, frameNumbers: Array(meshes.indices), track: track,
            confidences: Array(repeating: 1, count: meshes.count), framesPerSecond: 25)
    }
}

extension MouthRange {
    /// Curves in mouth widths as shares of the range: `curves(opening:width:jaw:)` backwards.
    func shares(_ curves: MouthCurves) -> MouthCurves {
        func share(_ value: Float, rest: Float, start: Float, length: Float) -> Float {
            let (low, high) = (min(start, -0.2 * length), max(start + length, 0.2 * length))
            return value < 0 ? rest * (1 - value / low) : rest + (1 - rest) * value / high
        }
        return MouthCurves(
            opening: curves.opening / opening,
            width: share(curves.width, rest: Self.restWidth, start: widthStart, length: width),
            jaw: share(curves.jaw, rest: Self.restJaw, start: jawStart, length: jaw))
    }
}
