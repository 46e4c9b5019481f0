import Foundation

// Arrays of plain numbers in records. `Codable` would make an item of each number; a run of bytes is written and read a hundred
// times as fast. The bytes are those of the memory, so that a record is read by the program that has written it, on a machine
// of the same kind: records lie between the steps of one job and are no interchange format.

extension KeyedEncodingContainer {
    /// Writes an array of plain values as one run of bytes.
    package mutating func encodePacked<Element: BitwiseCopyable>(_ values: [Element], forKey key: Key) throws {
        try encode(values.withUnsafeBytes { Data($0) }, forKey: key)
    }
}

extension KeyedDecodingContainer {
    /// Reads what `encodePacked` has written.
    ///
    /// - Throws: `DecodingError` for bytes that are not a whole number of values.
    package func decodePacked<Element: BitwiseCopyable>(_ type: Element.Type, forKey key: Key) throws -> [Element] {
        let data = try decode(Data.self, forKey: key)
        let (count, rest) = data.count.quotientAndRemainder(dividingBy: MemoryLayout<Element>.stride)
        guard rest == 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "\(data.count) bytes are no array of \(Element.self)")
        }
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }
}
