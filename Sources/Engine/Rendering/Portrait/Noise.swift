/// Noise that is always the same at the same place.
enum Noise {
    /// A number of mean 0 and standard deviation 1.
    static func at(_ x: Int, _ y: Int) -> Float {
        var hash = UInt32(truncatingIfNeeded: x &* 73_856_093 ^ y &* 19_349_663)
        hash = (hash ^ hash >> 13) &* 0x5bd1_e995
        hash ^= hash >> 15
        // Two uniform numbers make a triangular one, near enough to a normal one.
        let sum = Float(hash & 0xffff) + Float(hash >> 16)
        return (sum / 65536 - 1) * 2.45
    }
}
