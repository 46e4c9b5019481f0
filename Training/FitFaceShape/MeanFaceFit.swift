import Face
import Foundation

/// Writes the mean face: align every mesh to the current mean by its stable points, average, repeat; then make the
/// mean symmetric and upright.
func fitMeanFace(_ speakers: [Speaker], root: String) throws {
    let perSpeaker = speakers.map { speaker in
        let all = speaker.clips.flatMap(\.meshes)
        return stride(from: 0, to: all.count, by: max(all.count / 200, 1)).map { all[$0] }
    }
    let seed = perSpeaker.flatMap { $0 }.min { asymmetry($0) < asymmetry($1) }!
    var mean = normalized(seed)
    for _ in 0..<4 {
        let target = mean
        // Every speaker counts the same, however long the footage.
        let means = perSpeaker.map { meshes in
            average(
                meshes.map { mesh in
                    let pose = FacePose(
                        from: Landmarks.stable.map { mesh[$0] }, to: Landmarks.stable.map { target[$0] })
                    return mesh.map(pose.canonical)
                })
        }
        mean = average(means)
    }
    let partners = mirrorPartners(mean)
    for _ in 0..<4 { mean = symmetric(upright(mean, partners), partners) }
    var text = """
        /// The mean of the mesh over several speakers, frontal and symmetric, in canonical space.
        ///
        /// Fitted by Training/FitFaceShape; docs/face-shape.md names the footage.
        public enum MeanFace {
            /// 468 points.
            public static let points: [SIMD3<Float>] = stride(from: 0, to: values.count, by: 3).map {
                SIMD3(values[$0], values[$0 + 1], values[$0 + 2])
            }

            private static let values: [Float] = [

        """
    text += rows(mean) + "    ]\n}\n"
    try text.write(toFile: root + "/Sources/Engine/Face/MeanFace.swift", atomically: true, encoding: .utf8)
    for point in [10, 152, 1, 61, 291, 13] { print(point, mean[point]) }
}

func rows(_ points: [SIMD3<Float>]) -> String {
    func number(_ value: Float) -> String { String(format: "%.4f", abs(value) < 0.00005 ? 0 : value) }
    return stride(from: 0, to: points.count, by: 4).map { start in
        let line = points[start..<min(start + 4, points.count)].map { point in
            "\(number(point.x)), \(number(point.y)), \(number(point.z)),"
        }
        return "        " + line.joined(separator: " ") + "\n"
    }.joined()
}

private func average(_ shapes: [[SIMD3<Float>]]) -> [SIMD3<Float>] {
    var sum = shapes[0]
    for shape in shapes.dropFirst() { for index in sum.indices { sum[index] += shape[index] } }
    return sum.map { $0 / Float(shapes.count) }
}

private func asymmetry(_ mesh: [SIMD3<Float>]) -> Float {
    let eyes = mesh[263] - mesh[33]
    let length = (eyes * eyes).sum().squareRoot()
    return (abs(eyes.z) + abs(eyes.y)) / length
}

/// Unit eye distance, origin between the eyes, eyes level.
private func normalized(_ mesh: [SIMD3<Float>]) -> [SIMD3<Float>] {
    let pose = FacePose(
        from: [mesh[33], mesh[263], mesh[168], mesh[1]],
        to: [SIMD3(-0.5, 0, 0), SIMD3(0.5, 0, 0), SIMD3(0, 0, -0.2), SIMD3(0, 0.39, -0.45)])
    return mesh.map(pose.canonical)
}

/// For each point the one that stands at its mirror image.
///
/// The mirror image is laid over the shape by pairs that are known, then by the pairs found, so that a shape that is
/// not yet upright is paired rightly too.
private func mirrorPartners(_ shape: [SIMD3<Float>]) -> [Int] {
    var known = [33: 263, 263: 33, 61: 291, 291: 61, 133: 362, 362: 133, 10: 10, 152: 152, 1: 1, 168: 168]
    var partners: [Int] = []
    let mirror = shape.map { $0 * SIMD3(-1, 1, 1) }
    for _ in 0..<4 {
        let keys = known.keys.sorted()
        let pose = FacePose(from: keys.map { mirror[$0] }, to: keys.map { shape[known[$0]!] })
        partners = paired(mirror.map(pose.canonical), shape)
        known = Dictionary(uniqueKeysWithValues: partners.enumerated().map { ($0, $1) })
    }
    return partners
}

/// Pairs each mirrored point with a point, the closest pairs first; a pair holds both ways.
private func paired(_ mirror: [SIMD3<Float>], _ shape: [SIMD3<Float>]) -> [Int] {
    var candidates: [(distance: Float, a: Int, b: Int)] = []
    for a in shape.indices {
        for b in a..<shape.count {
            let there = mirror[a] - shape[b]
            let back = mirror[b] - shape[a]
            candidates.append(((there * there).sum() + (back * back).sum(), a, b))
        }
    }
    candidates.sort { $0.distance < $1.distance }
    var partners = [Int](repeating: -1, count: shape.count)
    for candidate in candidates where partners[candidate.a] < 0 && partners[candidate.b] < 0 {
        partners[candidate.a] = candidate.b
        partners[candidate.b] = candidate.a
    }
    return partners
}

/// Turns the shape so that the mirror plane's normal is x and forehead to chin is vertical in side view.
private func upright(_ shape: [SIMD3<Float>], _ partners: [Int]) -> [SIMD3<Float>] {
    var normal = SIMD3<Float>.zero
    for (index, partner) in partners.enumerated() {
        let across = shape[index] - shape[partner]
        normal += across.x < 0 ? -across : across
    }
    normal /= (normal * normal).sum().squareRoot()
    var down = shape[152] - shape[10]
    down -= normal * (down * normal).sum()
    down /= (down * down).sum().squareRoot()
    let away = SIMD3(
        normal.y * down.z - normal.z * down.y, normal.z * down.x - normal.x * down.z,
        normal.x * down.y - normal.y * down.x)
    let turned = shape.map { SIMD3(($0 * normal).sum(), ($0 * down).sum(), ($0 * away).sum()) }
    let middle = (turned[33] + turned[263]) / 2
    let eyes = turned[263] - turned[33]
    return turned.map { ($0 - middle) / (eyes * eyes).sum().squareRoot() }
}

private func symmetric(_ shape: [SIMD3<Float>], _ partners: [Int]) -> [SIMD3<Float>] {
    shape.indices.map { (shape[$0] + shape[partners[$0]] * SIMD3(-1, 1, 1)) / 2 }
}

/// The mirror partners of the written mean face.
func meanFacePartners() -> [Int] { mirrorPartners(MeanFace.points) }
