/// The sizes that an animation's resolution and shape stand for.
public struct PictureDimensions: Hashable, Sendable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The names of the resolutions, the smallest first.
    public static let resolutions = ["540p", "720p", "1080p"]
    /// What a request without a resolution gets.
    public static let defaultResolution = "720p"
    /// The names of the shapes.
    public static let aspectRatios = ["1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "9:21"]

    /// Names that only some interfaces know; they are not offered by others.
    private static let furtherResolutions = ["360p", "480p"]
    private static let furtherAspectRatios = ["4:5", "5:4", "3:2", "2:3"]

    /// The size of a shape and a resolution, which names the shorter side; nil for an unknown name.
    public static func size(aspectRatio: String, resolution: String) -> PictureDimensions? {
        guard (aspectRatios + furtherAspectRatios).contains(aspectRatio),
            (resolutions + furtherResolutions).contains(resolution),
            let shorter = Int(resolution.dropLast()), case let sides = parts(of: aspectRatio), sides.count == 2
        else { return nil }
        // Encoders take even sides alone; every pair that is offered everywhere is whole and even.
        let ratio = Double(max(sides[0], sides[1])) / Double(min(sides[0], sides[1]))
        let longer = Int((Double(shorter) * ratio / 2).rounded()) * 2
        return sides[0] >= sides[1]
            ? PictureDimensions(width: longer, height: shorter) : PictureDimensions(width: shorter, height: longer)
    }

    /// The listed shape that is nearest to a picture's own.
    public static func nearestAspectRatio(width: Int, height: Int) -> String {
        // Wider by half is as far away as narrower by half, so the quotients are compared and not the differences.
        func distance(_ name: String) -> Double {
            let sides = parts(of: name)
            let quotient = Double(max(width, 1) * sides[1]) / Double(max(height, 1) * sides[0])
            return max(quotient, 1 / quotient)
        }
        return aspectRatios.min { distance($0) < distance($1) } ?? "1:1"
    }

    private static func parts(of aspectRatio: String) -> [Int] {
        aspectRatio.split(separator: ":").compactMap { Int($0) }
    }
}
