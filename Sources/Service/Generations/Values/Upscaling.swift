import Text

/// How many more pixels a picture or video gets.
public struct Upscaling: Hashable, Sendable {
    /// What it is asked for.
    public enum Target: Hashable, Sendable {
        /// As many pixels along the shorter side; as many as there may be where that is too many for the longer one.
        case shorterSide(Int)
        /// So many times as many along each side.
        case factor(Double)
        /// Twice as many along each side, or as many as there may be.
        case usual
    }

    /// Why a target cannot be reached.
    public enum Refusal: Error, Hashable, Sendable {
        /// The result would have fewer pixels.
        case smaller
        /// The result would be larger than what can be made.
        case tooLarge
    }

    /// The largest video, the same as of what is taken.
    static let videoSide = 4096
    static let videoPixels = 4096 * 2160
    /// The largest picture, likewise.
    static let pictureSide = 16_384
    static let picturePixels = 64_000_000

    /// The pixels along the shorter side that names of resolutions stand for.
    public static let named: [(name: String, shorterSide: Int)] = [
        ("720p", 720), ("1080p", 1080), ("2K", 1440), ("4K", 2160), ("8K", 4320),
    ]
    /// The factors that may be asked for.
    public static let factors = 1.0...4.0

    /// What is asked for.
    public var target: Target

    /// Asks for more pixels.
    public init(_ target: Target) { self.target = target }

    /// The size of the result in pixels, both even.
    ///
    /// - Throws: `Refusal`.
    public func size(width: Int, height: Int, isVideo: Bool) throws(Refusal) -> (width: Int, height: Int) {
        let side = Double(isVideo ? Self.videoSide : Self.pictureSide)
        let pixels = Double(isVideo ? Self.videoPixels : Self.picturePixels)
        let (across, down) = (Double(max(width, 1)), Double(max(height, 1)))
        let most = min(side / max(across, down), (pixels / (across * down)).squareRoot())
        let factor: Double
        switch target {
        case .shorterSide(let pixels):
            let wanted = Double(pixels) / min(across, down)
            guard wanted >= 1 else { throw .smaller }
            factor = max(1, min(wanted, most))
        case .factor(let wanted):
            guard wanted >= 1 else { throw .smaller }
            guard wanted <= max(most, 1) else { throw .tooLarge }
            factor = wanted
        case .usual: factor = max(1, min(2, most))
        }
        func even(_ length: Double, _ rule: FloatingPointRoundingRule) -> Int {
            max(2, Int((length * factor / 2).rounded(rule)) * 2)
        }
        let (width, height) = (even(across, .toNearestOrEven), even(down, .toNearestOrEven))
        // Rounding up must not go over the limit.
        let fits = Double(max(width, height)) <= side && Double(width * height) <= pixels
        return fits ? (width, height) : (even(across, .down), even(down, .down))
    }
}

extension Upscaling {
    /// Reads the stored form.
    init(json: JSONValue) {
        if let side = json["shorterSide"]?.int {
            self.init(.shorterSide(side))
        } else if let factor = json["factor"]?.double {
            self.init(.factor(factor))
        } else {
            self.init(.usual)
        }
    }

    /// The stored form.
    var json: JSONValue {
        switch target {
        case .shorterSide(let side): ["shorterSide": .integer(Int64(side))]
        case .factor(let factor): ["factor": .number(factor)]
        case .usual: [:]
        }
    }
}
