enum MouthShapeBasis {
    static let opening: [SIMD3<Float>] = Array(repeating: .zero, count: 79)
    static let width: [SIMD3<Float>] = Array(repeating: .zero, count: 79)
    static let jaw: [SIMD3<Float>] = Array(repeating: .zero, count: 79)
}
