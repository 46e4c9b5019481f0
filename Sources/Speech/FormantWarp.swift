/// Reads a voice's mel bands as if its vocal tract had another length.
///
/// Women and children have shorter vocal tracts than men, so the formants of the same vowel lie higher. The mouth network
/// learned from men mostly; a voice that is read at higher frequencies sounds to it like one of theirs. This is vocal
/// tract length normalisation as recognisers know it (Lee and Rose 1998), by a linear warp of the frequencies.
package struct FormantWarp: Sendable {
    /// From long vocal tracts to those of children; the second leaves a voice as it is.
    package static let all = [0.93, 1, 1.08, 1.16, 1.25, 1.35].map(FormantWarp.init(factor:))
    /// Leaves a voice as it is.
    package static let none = FormantWarp(factor: 1)

    /// How much higher the voice's formants lie than those that the network hears.
    package let factor: Double
    /// For each band the one below the place that is read, and the share of the next one.
    private let places: [(band: Int, share: Float)]

    init(factor: Double) {
        self.factor = factor
        places = (0..<MelTriangles.count).map { band in
            let place = MelTriangles.place(hertz: MelTriangles.middleHertz(band) * factor)
            let limited = min(max(place, 0), Double(MelTriangles.count - 1))
            let below = min(Int(limited), MelTriangles.count - 2)
            return (below, Float(limited - Double(below)))
        }
    }

    /// A band's value, between those of two neighbours.
    @inline(__always)
    package func read(_ band: Int, _ value: (Int) -> Float) -> Float {
        let (below, share) = places[band]
        return value(below) * (1 - share) + value(below + 1) * share
    }
}
