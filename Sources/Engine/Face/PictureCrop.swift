import CKernels
import Media

/// Reads parts of a planar 4:2:0 picture as the red, green and blue values that the networks take.
struct PictureCrop {
    private let luma: Plane
    private let blueChroma: Plane
    private let redChroma: Plane
    private let conversion: ColorConversion

    init(_ frame: VideoFrame) { self.init(frame, tile: PictureTile(frame)) }

    /// Reads from one tile of a picture only.
    init(_ frame: VideoFrame, tile: PictureTile) {
        func part(_ plane: Plane, _ shift: Int) -> Plane {
            Plane(
                base: plane.base + (tile.top >> shift) * plane.stride + (tile.left >> shift),
                width: tile.width >> shift, height: tile.height >> shift, stride: plane.stride)
        }
        luma = part(frame.luma, 0)
        blueChroma = part(frame.blueChroma, 1)
        redChroma = part(frame.redChroma, 1)
        conversion = ColorConversion(isFullRange: frame.isFullRange, matrix: frame.matrix)
    }

    /// Fills a square network input with the whole picture, centred on black and averaged over areas.
    ///
    /// - Parameters:
    ///   - side: The input's width and height in pixels.
    ///   - turn: The turn of the faces that shall be upright in the input.
    ///   - target: `side × side × 3` values, scaled to −1…1.
    func fillLetterboxed(side: Int, turn: QuarterTurn, target: UnsafeMutableBufferPointer<Float>) {
        let last = side - 1
        let longSide = max(luma.width, luma.height)
        let left = (longSide - luma.width) / 2
        let top = (longSide - luma.height) / 2
        for row in 0..<side {
            let y0 = row * longSide / side - top
            let y1 = max((row + 1) * longSide / side - top, y0 + 1)
            for column in 0..<side {
                let x0 = column * longSide / side - left
                let x1 = max((column + 1) * longSide / side - left, x0 + 1)
                let place =
                    switch turn {
                    case .none: row * side + column
                    case .right: (last - column) * side + row
                    case .half: (last - row) * side + last - column
                    case .left: column * side + last - row
                    }
                let out = target.baseAddress! + place * 3
                guard y1 > 0, x1 > 0, y0 < luma.height, x0 < luma.width else {
                    out[0] = -1
                    out[1] = -1
                    out[2] = -1
                    continue
                }
                let yRange = max(y0, 0)..<min(y1, luma.height)
                let xRange = max(x0, 0)..<min(x1, luma.width)
                let chromaY = (yRange.lowerBound / 2)..<max(yRange.upperBound / 2, yRange.lowerBound / 2 + 1)
                let chromaX = (xRange.lowerBound / 2)..<max(xRange.upperBound / 2, xRange.lowerBound / 2 + 1)
                let color = conversion.rgb(
                    luma: average(luma, xRange, yRange),
                    blue: average(blueChroma, chromaX, chromaY), red: average(redChroma, chromaX, chromaY))
                out[0] = color.x * 2 - 1
                out[1] = color.y * 2 - 1
                out[2] = color.z * 2 - 1
            }
        }
    }

    private func average(_ plane: Plane, _ columns: Range<Int>, _ rows: Range<Int>) -> Float {
        // Every second sample of large areas is enough for a network input and halves the reading.
        plane.mean(columns, rows, step: columns.count > 4 ? 2 : 1)
    }

    /// Fills a square network input with a turned square of the picture, sampled bilinearly; outside is black.
    ///
    /// - Parameters:
    ///   - region: The square in pixels.
    ///   - side: The input's width and height in pixels.
    ///   - target: `side × side × 3` values, scaled to 0…1.
    func fillTurned(_ region: FaceRegion, side: Int, target: UnsafeMutableBufferPointer<Float>) {
        let map = region.cropToPicture(side: side)
        lipsmith_crop_turned(
            luma.kernelPlane, blueChroma.kernelPlane, redChroma.kernelPlane,
            lipsmith_affine_map(xx: map.xx, xy: map.xy, x0: map.x0, yx: map.yx, yy: map.yy, y0: map.y0),
            conversion.kernelConversion, Int32(side), target.baseAddress!)
    }
}

/// A rectangle of a picture with even edges, so that it covers whole chroma pixels.
struct PictureTile: Hashable, Sendable {
    var left: Int
    var top: Int
    var width: Int
    var height: Int

    /// The whole picture.
    init(_ frame: VideoFrame) {
        (left, top) = (0, 0)
        (width, height) = (frame.width, frame.height)
    }

    private init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// Squares that cover a picture at even distances; smaller where the picture is.
    ///
    /// - Parameters:
    ///   - side: In pixels.
    ///   - overlap: How many pixels neighbours share at least.
    static func tiles(_ frame: VideoFrame, side: Int, overlap: Int) -> [PictureTile] {
        func starts(_ length: Int) -> [Int] {
            guard length > side else { return [0] }
            let gaps = (length - side + side - overlap - 1) / (side - overlap)
            return (0...gaps).map { ((length - side) * $0 / gaps) & ~1 }
        }
        return starts(frame.height).flatMap { top in
            starts(frame.width).map { left in
                PictureTile(
                    left: left, top: top, width: min(side, frame.width - left) & ~1,
                    height: min(side, frame.height - top) & ~1)
            }
        }
    }
}

/// The conversion from stored luma and chroma to red, green and blue in 0…1.
struct ColorConversion {
    private let lumaScale: Float
    private let lumaOffset: Float
    private let redFromRed: Float
    private let greenFromBlue: Float
    private let greenFromRed: Float
    private let blueFromBlue: Float

    /// The weights are those of ITU-R BT.709, BT.2020 and BT.601.
    ///
    /// - Parameter matrix: FFmpeg's name of the matrix; unknown ones are read as BT.601, as FFmpeg does.
    init(isFullRange: Bool, matrix: String) {
        let (red, blue): (Float, Float) =
            switch matrix {
            case "bt709": (0.2126, 0.0722)
            case "bt2020nc", "bt2020c": (0.2627, 0.0593)
            default: (0.299, 0.114)
            }
        let green = 1 - red - blue
        let chromaScale: Float = isFullRange ? 1 / 255 : 1 / 224
        lumaScale = isFullRange ? 1 / 255 : 1 / 219
        lumaOffset = isFullRange ? 0 : 16
        redFromRed = 2 * (1 - red) * chromaScale
        blueFromBlue = 2 * (1 - blue) * chromaScale
        greenFromBlue = -2 * (1 - blue) * blue / green * chromaScale
        greenFromRed = -2 * (1 - red) * red / green * chromaScale
    }

    /// The conversion as the C kernels take it.
    var kernelConversion: lipsmith_color_conversion {
        lipsmith_color_conversion(
            luma_scale: lumaScale, luma_offset: lumaOffset, red_from_red: redFromRed, green_from_blue: greenFromBlue,
            green_from_red: greenFromRed, blue_from_blue: blueFromBlue)
    }

    @inline(__always)
    func rgb(luma: Float, blue: Float, red: Float) -> SIMD3<Float> {
        let y = (luma - lumaOffset) * lumaScale
        let b = blue - 128
        let r = red - 128
        let color = SIMD3(y + redFromRed * r, y + greenFromBlue * b + greenFromRed * r, y + blueFromBlue * b)
        return color.clamped(lowerBound: .zero, upperBound: .one)
    }
}
