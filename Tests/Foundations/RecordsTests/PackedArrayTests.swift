import Foundation
import Records
import Testing

@Suite("Packed arrays")
struct PackedArrayTests {
    private struct Sample: Codable, Equatable {
        var numbers: [Float]
        var points: [SIMD3<Float>]

        enum CodingKeys: CodingKey { case numbers, points }

        init(numbers: [Float], points: [SIMD3<Float>]) {
            self.numbers = numbers
            self.points = points
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            numbers = try values.decodePacked(Float.self, forKey: .numbers)
            points = try values.decodePacked(SIMD3<Float>.self, forKey: .points)
        }

        func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encodePacked(numbers, forKey: .numbers)
            try values.encodePacked(points, forKey: .points)
        }
    }

    @Test("What is read is what was written, to the bit")
    func roundTrip() throws {
        let samples = [
            Sample(numbers: [], points: []),
            Sample(
                numbers: [0.1, -0, .infinity, .leastNonzeroMagnitude], points: [SIMD3(1, 2, 3), SIMD3(-0.3, .pi, 1e30)]),
        ]
        for sample in samples {
            let read = try PropertyListDecoder().decode(Sample.self, from: PropertyListEncoder().encode(sample))
            #expect(read == sample)
            #expect(read.numbers.map(\.bitPattern) == sample.numbers.map(\.bitPattern))
        }
    }

    @Test("Bytes that are no whole number of values are refused")
    func refused() throws {
        let cut = try PropertyListEncoder().encode(["numbers": Data([1, 2, 3, 4, 5]), "points": Data()])
        #expect(throws: DecodingError.self) { try PropertyListDecoder().decode(Sample.self, from: cut) }
    }
}
