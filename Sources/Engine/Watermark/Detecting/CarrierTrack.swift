/// How much of each carrier the frames of a clip hold.
struct CarrierTrack: Sendable {
    let carrierCount: Int
    /// The times of the frames in seconds, ascending.
    private(set) var times: [Double] = []
    /// A row of `carrierCount` values for each frame.
    private(set) var values: [Float] = []

    init(carrierCount: Int) { self.carrierCount = carrierCount }

    /// From the first frame to the last, in seconds.
    var durationSeconds: Double { times.isEmpty ? 0 : times[times.count - 1] - times[0] }

    /// Adds a frame; `fill` appends its values.
    mutating func append(seconds: Double, _ fill: (inout [Float]) -> Void) {
        times.append(seconds)
        fill(&values)
    }

    /// The frames of the first seconds.
    func prefix(seconds: Double) -> CarrierTrack {
        guard let first = times.first else { return self }
        var part = CarrierTrack(carrierCount: carrierCount)
        part.times = Array(times.prefix { $0 < first + seconds })
        part.values = Array(values.prefix(part.times.count * carrierCount))
        return part
    }
}
