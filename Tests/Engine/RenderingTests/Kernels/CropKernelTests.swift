import CKernels
import Testing

@Suite("The crop kernel against plain Swift")
struct CropKernelTests {
    private static let luma = NaivePicture(width: 96, height: 70)
    private static let blue = NaivePicture(width: 48, height: 35)
    private static let red = NaivePicture(width: 48, height: 34)
    // Colours that pass the limits of 0 and 1 in some pixels.
    private static let conversion = lipsmith_color_conversion(
        luma_scale: 1 / 219, luma_offset: 16, red_from_red: 0.0062, green_from_blue: -0.0015, green_from_red: -0.0032,
        blue_from_blue: 0.0079)

    private func naive(_ map: lipsmith_affine_map, _ column: Int, _ row: Int) -> SIMD3<Double> {
        func place(_ column: Int) -> (x: Double, y: Double) {
            let (u, v) = (Double(column), Double(row))
            return (
                Double(map.xx) * u + Double(map.xy) * v + Double(map.x0),
                Double(map.yx) * u + Double(map.yy) * v + Double(map.y0)
            )
        }
        let (x, y) = place(column)
        // Two neighbours share the chroma between them.
        let even = place(column & ~1)
        let u = (even.x + Double(map.xx) / 2) / 2 - 0.25
        let v = (even.y + Double(map.yx) / 2) / 2 - 0.25
        let light = (Self.luma.bilinear(x, y) - 16) / 219
        let b = Self.blue.bilinear(u, v) - 128
        let r = Self.red.bilinear(u, v) - 128
        let color = SIMD3(light + 0.0062 * r, light - 0.0015 * b - 0.0032 * r, light + 0.0079 * b)
        return color.clamped(lowerBound: .zero, upperBound: .one)
    }

    // Inside, turned, magnified, over every border, and sides that are no multiple of a vector.
    @Test(
        "Every pixel of a turned square is the sample that its map names; outside is black",
        arguments: [
            lipsmith_affine_map(xx: 1, xy: 0, x0: 10.25, yx: 0, yy: 1, y0: 5.5),
            lipsmith_affine_map(xx: 0.9, xy: -0.3, x0: 25.1, yx: 0.3, yy: 0.9, y0: 3.3),
            lipsmith_affine_map(xx: -0.5, xy: 0.2, x0: 70, yx: -0.2, yy: -0.5, y0: 50),
            lipsmith_affine_map(xx: 2.5, xy: 0.4, x0: -20, yx: -0.4, yy: 2.5, y0: -9),
            lipsmith_affine_map(xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0),
        ])
    func crop(map: lipsmith_affine_map) {
        for side in [7, 16, 41, 48] {
            var out = [Float](repeating: .nan, count: side * side * 3)
            Self.luma.withPlane { luma in
                Self.blue.withPlane { blue in
                    Self.red.withPlane { red in
                        lipsmith_crop_turned(luma, blue, red, map, Self.conversion, Int32(side), &out)
                    }
                }
            }
            for row in 0..<side {
                for column in 0..<side {
                    let at = (row * side + column) * 3
                    let color = SIMD3(Double(out[at]), Double(out[at + 1]), Double(out[at + 2]))
                    let x = Double(map.xx) * Double(column) + Double(map.xy) * Double(row) + Double(map.x0)
                    let y = Double(map.yx) * Double(column) + Double(map.yy) * Double(row) + Double(map.y0)
                    let margin = min(min(x, y) + 1, 96 - x, 70 - y)
                    // On the very border rounding decides.
                    if abs(margin) < 1e-3 { continue }
                    guard margin > 0 else {
                        #expect(color == .zero)
                        continue
                    }
                    // The first pixel of a pair may lie outside; its neighbour then has no chroma of its own to share.
                    if column % 2 == 1, outside(map, column - 1, row) { continue }
                    let difference = color - naive(map, column, row)
                    #expect((difference * difference).sum() < 1e-6, "\(column) \(row) of \(side)")
                }
            }
        }
    }

    private func outside(_ map: lipsmith_affine_map, _ column: Int, _ row: Int) -> Bool {
        let x = map.xx * Float(column) + map.xy * Float(row) + map.x0
        let y = map.yx * Float(column) + map.yy * Float(row) + map.y0
        return x < -0.999 || y < -0.999 || x > 95.999 || y > 69.999
    }
}
