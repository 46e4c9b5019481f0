/// The convolutional code of rate 1/2 and constraint length 7 with the generators 171 and 133 (octal): the one of the
/// Consultative Committee for Space Data Systems (131.0-B), without its inversion.
///
/// Six zeros at the end bring the encoder back to its first state.
package enum ConvolutionalCode {
    private static let generators = [0o171, 0o133]
    private static let tailCount = 6
    private static let stateCount = 64

    /// The number of coded bits for so many bits.
    static func codedCount(_ bitCount: Int) -> Int { generators.count * (bitCount + tailCount) }

    /// The coded bits.
    package static func encode(_ bits: [Bool]) -> [Bool] {
        var register = 0
        return (bits + Array(repeating: false, count: tailCount)).flatMap { bit in
            register = (register << 1 | (bit ? 1 : 0)) & 127
            return generators.map { isOdd(register & $0) }
        }
    }

    /// The bits whose code fits best (Viterbi, IEEE Trans. Inform. Theory 13, 260, 1967).
    ///
    /// - Parameter values: `codedCount` numbers, positive for a bit that is set, larger in size the surer it is.
    package static func decode(_ values: [Float]) -> [Bool] {
        let stepCount = values.count / generators.count
        var scores = [Float](repeating: -.infinity, count: stateCount)
        scores[0] = 0
        /// For each step and state the register from which it was reached: the state before, and the new bit below.
        var origins: [[Int]] = []
        for step in 0..<stepCount {
            let pair = values[(step * generators.count)...]
            var next = [Float](repeating: -.infinity, count: stateCount)
            var origin = [Int](repeating: 0, count: stateCount)
            let isTail = step >= stepCount - tailCount
            for register in stride(from: 0, to: 2 * stateCount, by: isTail ? 2 : 1) {
                var score = scores[register >> 1]
                for (generator, value) in zip(generators, pair) {
                    score += isOdd(register & generator) ? value : -value
                }
                let state = register & (stateCount - 1)
                if score > next[state] {
                    next[state] = score
                    origin[state] = register
                }
            }
            scores = next
            origins.append(origin)
        }
        var state = 0
        var bits: [Bool] = []
        for origin in origins.reversed() {
            let register = origin[state]
            bits.append(register & 1 == 1)
            state = register >> 1
        }
        return bits.reversed().dropLast(tailCount)
    }

    private static func isOdd(_ bits: Int) -> Bool { bits.nonzeroBitCount % 2 == 1 }
}
