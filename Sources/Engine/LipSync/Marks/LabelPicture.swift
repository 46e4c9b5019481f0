import Foundation
import Media

/// A label at the size of a video, ready to be laid over frames.
struct LabelPicture: Sendable {
    /// In pixels; even.
    let width: Int
    let height: Int
    /// The distance from the picture's edges in pixels; even.
    private let margin: Int
    /// How much of the text covers each pixel, 0…1.
    private let text: [Float]
    /// How much of the box does.
    private let box: [Float]

    /// The text's height, and the space around it, as shares of the picture's shorter side.
    private static let textShare = 0.026
    private static let leastTextPixels = 11.0
    /// The box lets this much of the picture through: white on it has a contrast of at least 5 over white pictures.
    private static let boxOpacity: Float = 0.65

    init(_ label: VisibleLabel, pictureWidth: Int, pictureHeight: Int) {
        let picture = LabelPictures.all[label.language] ?? LabelPictures.all["en"] ?? (1, "")
        let opacities = Self.opacities(picture.runs)
        let sourceHeight = max(1, opacities.count / picture.width)
        let shorter = Double(min(pictureWidth, pictureHeight))
        var textHeight = max(Self.leastTextPixels, Self.textShare * shorter)
        // A narrow picture has a smaller label.
        let widest = 0.6 * Double(pictureWidth)
        textHeight = min(textHeight, widest * Double(sourceHeight) / Double(picture.width))
        let scale = textHeight / Double(sourceHeight)
        let (textWidth, textRows) = (Int(Double(picture.width) * scale), max(1, Int(textHeight)))
        let padding = max(3, Int(textHeight * 0.45))
        width = (textWidth + 2 * padding + 1) & ~1
        height = (textRows + 2 * padding + 1) & ~1
        margin = Int(0.022 * shorter) & ~1
        var text = [Float](repeating: 0, count: width * height)
        var box = text
        let radius = Float(padding)
        for row in 0..<height {
            for column in 0..<width {
                box[row * width + column] =
                    Self.roundedBox(Float(column) + 0.5, Float(row) + 0.5, Float(width), Float(height), radius)
            }
        }
        for row in 0..<textRows {
            for column in 0..<textWidth {
                let value = Self.mean(
                    opacities, width: picture.width, height: sourceHeight,
                    columns: Double(column) / scale..<Double(column + 1) / scale,
                    rows: Double(row) / scale..<Double(row + 1) / scale)
                text[(row + padding) * width + column + padding] = value
            }
        }
        self.text = text
        self.box = box.map { $0 * Self.boxOpacity }
    }

    /// The upper left pixel in a picture.
    func place(_ corner: VisibleLabel.Corner, pictureWidth: Int, pictureHeight: Int) -> (left: Int, top: Int) {
        let (right, bottom) = (pictureWidth - margin - width, pictureHeight - margin - height)
        return switch corner {
        case .topRight: (max(0, right) & ~1, margin)
        case .topLeft: (margin, margin)
        case .bottomRight: (max(0, right) & ~1, max(0, bottom) & ~1)
        case .bottomLeft: (margin, max(0, bottom) & ~1)
        }
    }

    /// Lays the label over a frame.
    ///
    /// - Parameter frame: Must be writable.
    func draw(into frame: VideoFrame, _ corner: VisibleLabel.Corner) {
        let (left, top) = place(corner, pictureWidth: frame.width, pictureHeight: frame.height)
        let (rows, columns) = (min(height, frame.height - top), min(width, frame.width - left))
        guard rows > 0, columns > 0 else { return }
        let (black, white): (Float, Float) = frame.isFullRange ? (0, 255) : (16, 235)
        let luma = frame.luma
        for row in 0..<rows {
            let target = luma.base + (top + row) * luma.stride + left
            for column in 0..<columns {
                let (text, box) = (text[row * width + column], box[row * width + column])
                let dark = Float(target[column]) * (1 - box) + black * box
                target[column] = UInt8(dark * (1 - text) + white * text + 0.5)
            }
        }
        for plane in [frame.blueChroma, frame.redChroma] {
            for row in 0..<rows / 2 {
                let target = plane.base + (top / 2 + row) * plane.stride + left / 2
                for column in 0..<columns / 2 {
                    let at = 2 * row * width + 2 * column
                    let cover = max(text[at], box[at])
                    target[column] = UInt8(Float(target[column]) * (1 - cover) + 128 * cover + 0.5)
                }
            }
        }
    }

    /// How much of a pixel a box with round corners covers.
    private static func roundedBox(
        _ x: Float, _ y: Float, _ width: Float, _ height: Float, _ radius: Float
    ) -> Float {
        let across = max(abs(x - width / 2) - (width / 2 - radius), 0)
        let down = max(abs(y - height / 2) - (height / 2 - radius), 0)
        return min(max(radius - (across * across + down * down).squareRoot() + 0.5, 0), 1)
    }

    private static func mean(
        _ opacities: [UInt8], width: Int, height: Int, columns: Range<Double>, rows: Range<Double>
    ) -> Float {
        var (sum, weight) = (0.0, 0.0)
        for row in Int(rows.lowerBound)..<min(height, Int(rows.upperBound.rounded(.up))) {
            let down = min(rows.upperBound, Double(row + 1)) - max(rows.lowerBound, Double(row))
            for column in Int(columns.lowerBound)..<min(width, Int(columns.upperBound.rounded(.up))) {
                let across = min(columns.upperBound, Double(column + 1)) - max(columns.lowerBound, Double(column))
                sum += across * down * Double(opacities[row * width + column])
                weight += across * down
            }
        }
        return weight > 0 ? Float(sum / weight / 15) : 0
    }

    /// The opacities, 0 to 15, that runs stand for (`LabelPictures`).
    private static func opacities(_ runs: String) -> [UInt8] {
        (Data(base64Encoded: runs) ?? Data()).flatMap { run in
            repeatElement(run & 0x0F, count: Int(run >> 4) + 1)
        }
    }
}
