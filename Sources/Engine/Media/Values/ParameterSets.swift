/// The parameter sets of an H.264 stream, whichever way they are written: what decoders must know of all its pictures.
struct ParameterSets: Equatable {
    private var units: [[UInt8]] = []

    /// The types of units that count: sequence and picture parameter sets. Others, such as the encoder's name, differ freely.
    private static let types: Set<UInt8> = [7, 8]

    /// Of the configuration record of an MP4; none for bytes that are no such record.
    init(configuration bytes: [UInt8]) {
        guard bytes.count > 6, bytes[0] == 1 else { return }
        var place = 5
        for mask in [UInt8(0x1f), 0xff] {
            guard place < bytes.count else { return }
            let count = bytes[place] & mask
            place += 1
            for _ in 0..<count {
                guard place + 2 <= bytes.count else { return }
                let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
                guard place + 2 + length <= bytes.count else { return }
                add(bytes[place + 2..<place + 2 + length])
                place += 2 + length
            }
        }
    }

    /// Of a stream of units behind start codes.
    init(stream bytes: [UInt8]) {
        var start: Int?
        var place = 0
        while place + 2 < bytes.count {
            guard bytes[place] == 0, bytes[place + 1] == 0, bytes[place + 2] == 1 else {
                place += 1
                continue
            }
            // The start code of the next unit may have a zero more.
            if let start { add(bytes[start..<place]) }
            start = place + 3
            place += 3
        }
        if let start { add(bytes[start...]) }
    }

    private mutating func add(_ unit: ArraySlice<UInt8>) {
        var unit = unit
        while unit.last == 0 { unit.removeLast() }
        guard let type = unit.first, Self.types.contains(type & 0x1f) else { return }
        units.append(Array(unit))
    }
}
