import Face
import Foundation
import Rendering

/// Writes how far each mouth point moves, in mouth widths, for one mouth width of opening, of width and of jaw drop:
/// least squares over all frames with slow motion taken out, each speaker counting the same, made symmetric.
func fitBasis(_ speakers: [Speaker], root: String) throws {
    let points = SpeakerPoints.mouthPoints
    let partners = meanFacePartners()
    let mirrored = points.map { points.firstIndex(of: partners[$0])! }
    // Normal equations: 3 × 3 of the curves, 3 right-hand sides a point.
    var normal = [[Double]](repeating: [0, 0, 0], count: 3)
    var sides = [[[Double]]](repeating: [[0, 0, 0], [0, 0, 0], [0, 0, 0]], count: points.count)
    var energy = 0.0
    var scenes: [(String, SpeakerScene)] = []
    for speaker in speakers {
        let frames = speaker.clips.reduce(0) { $0 + $1.meshes.count }
        for clip in speaker.clips where clip.meshes.count > 20 {
            var track = LandmarkTrack(pictureSide: 720)
            for mesh in clip.meshes { track.append(mesh) }
            let scene = SpeakerScene(
                shot: 0, identity: 0, frameNumbers: Array(clip.meshes.indices), track: track,
                confidences: Array(repeating: 1, count: clip.meshes.count), framesPerSecond: clip.framesPerSecond)
            scenes.append((speaker.name, scene))
            let weight = 1 / Double(frames)
            let reach = Int(0.75 * clip.framesPerSecond)
            let curves = highPassed(
                scene.ownCurves.map { [$0.opening, $0.width, $0.jaw] }, reach: reach)
            let shapes = highPassed(
                clip.meshes.indices.map { row in
                    scene.ownShape(row).flatMap { point in
                        let scaled = point / scene.mouthWidth
                        return [scaled.x, scaled.y, scaled.z]
                    }
                }, reach: reach)
            for row in curves.indices {
                let c = curves[row].map(Double.init)
                for i in 0..<3 { for j in 0..<3 { normal[i][j] += weight * 2 * c[i] * c[j] } }
                for index in points.indices {
                    for axis in 0..<3 {
                        let value = Double(shapes[row][index * 3 + axis])
                        let partnerValue = Double(shapes[row][mirrored[index] * 3 + axis]) * (axis == 0 ? -1 : 1)
                        energy += weight * value * value
                        for i in 0..<3 { sides[index][axis][i] += weight * c[i] * (value + partnerValue) }
                    }
                }
            }
        }
    }
    var bases = [[SIMD3<Float>]](repeating: Array(repeating: .zero, count: points.count), count: 3)
    for index in points.indices {
        for axis in 0..<3 {
            let solution = solve3(normal, sides[index][axis])
            for i in 0..<3 { bases[i][index][axis] = Float(solution[i]) }
        }
    }
    var text = """
        /// How far each of `SpeakerPoints.mouthPoints` moves, in mouth widths, for one mouth width of opening, of width and
        /// of jaw drop.
        ///
        /// Fitted by Training/FitFaceShape; docs/face-shape.md names the footage.
        enum MouthShapeBasis {

        """
    for (name, basis) in zip(["opening", "width", "jaw"], bases) {
        text += "    static let \(name) = points([\n" + rows(basis) + "    ])\n\n"
    }
    text += """
            private static func points(_ values: [Float]) -> [SIMD3<Float>] {
                stride(from: 0, to: values.count, by: 3).map { SIMD3(values[$0], values[$0 + 1], values[$0 + 2]) }
            }
        }

        """
    let file = root + "/Sources/Engine/Rendering/Mouth/MouthShapeBasis.swift"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    for (name, scene) in scenes {
        let r = scene.range
        print(name, "width", scene.mouthWidth, "range", r.opening, r.widthStart, r.width, r.jawStart, r.jaw)
    }
}

/// Takes a moving mean over `2 · reach + 1` rows out of every column.
private func highPassed(_ rows: [[Float]], reach: Int) -> [[Float]] {
    rows.indices.map { row in
        let window = max(0, row - reach)...min(rows.count - 1, row + reach)
        return rows[row].indices.map { column in
            rows[row][column] - window.reduce(Float(0)) { $0 + rows[$1][column] } / Float(window.count)
        }
    }
}

private func solve3(_ matrix: [[Double]], _ side: [Double]) -> [Double] {
    func determinant(_ m: [[Double]]) -> Double {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }
    let whole = determinant(matrix)
    return (0..<3).map { column in
        var replaced = matrix
        for row in 0..<3 { replaced[row][column] = side[row] }
        return determinant(replaced) / whole
    }
}
