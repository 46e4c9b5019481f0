import Foundation

/// A voice of the network: 510 rows of 256 numbers, one row for each count of symbols.
public struct VoiceStyle: Sendable {
    static let rowCount = 510
    static let columnCount = 256

    private let rows: [Float]

    /// Reads a voice, or a blend of voices: `jm_kumo`, or `jf_alpha:0.5+jf_gongitsune:0.5`.
    ///
    /// - Parameter folder: Holds `NAME.style` of each voice: the rows as little-endian floats.
    /// - Throws: `SynthesisFailure` of code `voiceNotFound`.
    public init(_ name: String, folder: String) throws(SynthesisFailure) {
        var sum = [Float](repeating: 0, count: Self.rowCount * Self.columnCount)
        let parts = name.split(separator: "+", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { throw SynthesisFailure(.voiceNotFound, detail: name) }
        for part in parts {
            let words = part.split(separator: ":", maxSplits: 1)
            let weight = words.count == 2 ? Float(words[1]) : 1
            guard let file = words.first, file.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "_") }),
                let weight, (0...1).contains(weight),
                let data = FileManager.default.contents(atPath: "\(folder)/\(file).style"), data.count == sum.count * 4
            else { throw SynthesisFailure(.voiceNotFound, detail: name) }
            data.withUnsafeBytes { bytes in
                for (index, value) in bytes.bindMemory(to: Float.self).enumerated() { sum[index] += weight * value }
            }
        }
        rows = sum
    }

    /// The row for a run of symbols.
    func row(symbolCount: Int) -> [Float] {
        let start = (min(max(symbolCount, 1), Self.rowCount) - 1) * Self.columnCount
        return Array(rows[start..<start + Self.columnCount])
    }
}
