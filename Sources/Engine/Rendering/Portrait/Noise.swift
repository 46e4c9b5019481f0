/// White noise as a function of the place, so that it is the same in every frame and run.
enum Noise {
    /// A number of mean 0 and standard deviation 1 for a place, by hashing both coordinates.
    static func at(_ x: Int, _ y: Int) -> Float {
        var hash = UInt32(truncatingIfNeeded: x &* 73_856_093 ^ y &* 19_349_663)
        hash = (hash ^ hash >> 13) &* 0x5bd1_e995
        hash ^= hash >> 15
        // The sum of two uniform numbers is distributed triangularly, close enough to normally; 2.45 is the square root
        // of 6, which makes its standard deviation 1.
        let sum = Float(hash & 0xffff) + Float(hash >> 16)
        return (sum / 65536 - 1) * 2.45
    }
}
