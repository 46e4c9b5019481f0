package import Face
import Media

/// Paints the inside of the mouth where the chosen picture of the bank is less open than wanted, or more.
///
/// Stretching the picture would make the teeth grow and shrink. Instead its interior is moved rigidly, the upper half
/// with the skull and the lower half with the jaw, and places that it does not show become a cavity lit like the face.
///
/// Gaps and lengths are in canonical units. Values of Lipsmith's video study (version B) are marked; for all
/// others no measurement is recorded.
package struct MouthInterior {
    /// Ratio of the larger to the smaller of wanted and shown opening at which painting begins (video study).
    private static let stretchStart: Float = 1.25
    /// The ratio from which all of it is painted (video study).
    private static let stretchFull: Float = 1.65
    /// Ratio of shown to wanted width at which painting begins, since teeth would be squeezed.
    private static let narrowingStart: Float = 1.12
    /// The ratio from which all of it is painted.
    private static let narrowingFull: Float = 1.35
    /// A picture with at most this gap shows shut lips.
    private static let shutShown: Float = 0.03
    /// A picture with at least this gap shows lips that are certainly apart.
    private static let openShown: Float = 0.05
    /// Wanted gaps below this are shut lips; nothing is painted.
    private static let smallestGap: Float = 0.02
    /// In wanted gaps up to this the interior has the colour of the lips' inside, which light each other.
    private static let slitGap: Float = 0.03
    /// From this wanted gap on the interior has the colour of the dark cavity.
    private static let wideGap: Float = 0.10
    /// Above the shown upper teeth the picture's pixels are repeated over this height before the cavity begins: there
    /// are teeth and gums, not darkness.
    private static let gumReach: Float = 0.06
    /// Below the shown interior the picture fades into the cavity over this height.
    private static let edgeReach: Float = 0.02
    /// Pictures with at most this gap show the upper teeth only, which do not move with the jaw.
    private static let upperTeethGap: Float = 0.05
    /// Pictures with at least this gap show the lower teeth too, which move with the jaw.
    private static let bothTeethGap: Float = 0.09
    /// The height of the lips' inner rim that must not be shown as interior (video study).
    private static let rim: Float = 0.008

    /// Luma, blue and red chroma of the skin, as stored.
    var skin: SIMD3<Float>
    /// Luma, blue and red chroma of the lower lip, as stored.
    var lip: SIMD3<Float>
    /// The luma of black: 0 or 16.
    var black: Float
    /// The least luma of the cavity: the darkest that the clip shows between these lips, since black would look like a
    /// hole in a pale film.
    var darkest: Float

    package init(skin: SIMD3<Float>, lip: SIMD3<Float>, black: Float, darkest: Float) {
        self.skin = skin
        self.lip = lip
        self.black = black
        self.darkest = darkest
    }

    /// What is the same for all pixels of one picture of the bank in one frame.
    package struct View {
        let gap: MouthGap
        let plane: CanonicalPlane
        /// The luma of black: 0 or 16.
        let black: Float
        /// The opacity of everything painted, 0…1.
        let amount: Float
        /// Whether places that the bank does not show keep the patch's pixels (the bank is more open) instead of
        /// becoming the cavity.
        let keepsPatch: Bool
        /// Whether the bank's picture is more open than wanted.
        let isClosing: Bool
        /// How much narrower the wanted mouth is than the bank's, 0…1; its corners are darkened by it.
        let narrowing: Float
        fileprivate let bankGap: MouthGap
        fileprivate let bankPlane: CanonicalPlane
        fileprivate let jawShift: Float
        /// The opacity for mouths that never open in their clip, 0…1; see `paintedShare`.
        fileprivate let paintedAmount: Float
        /// The width of soft edges in canonical units: at least 0.01, and at least 1.5 pixels.
        fileprivate let softness: Float
        fileprivate let upperColor: SIMD3<Float>
        fileprivate let lowerColor: SIMD3<Float>

        /// The opacity of painting at a canonical place, 0…1, for a mouth that never opens in its clip: 1 where a shut
        /// mouth shows nothing, and beyond the teeth of a smile.
        func paintedShare(_ place: SIMD2<Float>) -> Float {
            let edges = gap.edges(place.x)
            guard edges.beyond == 0, paintedAmount > 0 else { return 0 }
            return paintedAmount * smoothStep(0, softness, min(place.y - edges.upper, edges.lower - place.y))
        }

        /// What is painted at a canonical place: the opacity, the place of the bank's interior that is shown, and its
        /// share (the rest is cavity or patch). The lower half moves with the jaw; the transition from 45 to 70 % of
        /// the gap is that of the video study.
        @inline(__always)
        package func point(_ place: SIMD2<Float>, edges: (upper: Float, lower: Float, beyond: Float))
            -> (alpha: Float, rigidPlace: SIMD2<Float>, rigidShare: Float)
        {
            guard edges.beyond == 0, place.y > edges.upper, place.y < edges.lower else { return (0, place, 0) }
            let depthInside = min(place.y - edges.upper, edges.lower - place.y)
            let alpha = smoothStep(0.001, 0.012, depthInside) * amount
            guard alpha > 0 else { return (0, place, 0) }
            let t = (place.y - edges.upper) / max(edges.lower - edges.upper, 1e-3)
            var rigid = place
            rigid.y -= jawShift * smoothStep(0.45, 0.70, t)
            let shown = bankGap.edges(rigid.x)
            let low = shown.upper + MouthInterior.rim
            let high = shown.lower - MouthInterior.rim
            guard high > low, shown.beyond == 0 else { return (alpha, rigid, 0) }
            let clamped = min(max(rigid.y, low), high)
            let missing =
                max(low - rigid.y, 0) / MouthInterior.gumReach + max(rigid.y - high, 0) / MouthInterior.edgeReach
            rigid.y = clamped
            let apart = smoothStep(MouthInterior.shutShown, MouthInterior.openShown, shown.lower - shown.upper)
            return (alpha, rigid, apart * (1 - min(missing, 1)))
        }

        /// The factor of light, 0…1, in a gap that closes over an interior which the bank shows open: a slit between
        /// lips is dark, not a strip of teeth.
        ///
        /// - Parameters:
        ///   - x: The canonical x along the mouth.
        ///   - between: 0 on the upper lip, 1 on the lower.
        @inline(__always)
        func slitLight(_ x: Float, between: Float) -> Float {
            let edges = gap.edges(x)
            let shown = bankGap.edges(x)
            let wantedGap = edges.lower - edges.upper
            let fromCorner = min(x - gap.left, gap.right - x)
            let closes =
                smoothStep(0.01, 0.04, shown.lower - shown.upper - wantedGap) * smoothStep(0.01, 0.09, fromCorner)
            let light = 0.4 + 0.6 * smoothStep(0, 0.055, wantedGap)
            return 1 - (1 - light) * min(3 * min(between, 1 - between), 1) * closes
        }

        /// The factor of light, 0…1, near the corners of a mouth that is narrower than its picture, where the picture
        /// shows bright front teeth.
        @inline(__always)
        func cornerLight(_ x: Float) -> Float {
            1 - 0.45 * narrowing * (1 - smoothStep(0, 0.08, min(x - gap.left, gap.right - x)))
        }

        /// The pixel of the bank's frame that shows a canonical place.
        @inline(__always)
        func bankPixel(_ place: SIMD2<Float>) -> SIMD2<Float> { bankPlane.pixel(place) }

        /// The cavity's value in one plane, as stored.
        ///
        /// - Parameter depth: From 0 below the upper lip to 1 above the lower lip.
        @inline(__always)
        package func cavity(_ planeNumber: Int, depth: Float) -> Float {
            let share = 0.7 * smoothStep(0.2, 1, depth)
            return upperColor[planeNumber] + (lowerColor[planeNumber] - upperColor[planeNumber]) * share
        }
    }

    /// Prepares painting over one picture of the bank.
    ///
    /// - Parameters:
    ///   - shape: The wanted canonical shape.
    ///   - bankShape: The canonical shape in the picture.
    package func view(of shape: [SIMD3<Float>], pose: FacePose, from bankShape: [SIMD3<Float>], bankPose: FacePose)
        -> View
    {
        let gap = MouthGap(shape)
        let bankGap = MouthGap(bankShape)
        let wanted = MouthPath.opening(shape)
        let shown = max(MouthPath.opening(bankShape), 0.01)
        let ratio = wanted / shown
        let stretch = max(ratio, 1 / max(ratio, 1e-3))
        func share(_ ratio: Float, _ start: Float, _ full: Float) -> Float {
            min(max((ratio - start) / (full - start), 0), 1)
        }
        let narrowing =
            share((bankGap.right - bankGap.left) / (gap.right - gap.left), Self.narrowingStart, Self.narrowingFull)
            * smoothStep(Self.smallestGap, 2 * Self.smallestGap, min(wanted, shown))
        let amount =
            wanted > Self.smallestGap ? max(share(stretch, Self.stretchStart, Self.stretchFull), narrowing) : 0
        func jaw(_ shape: [SIMD3<Float>]) -> Float {
            MouthIndex.chinTips.reduce(0) { $0 + shape[$1].y } / Float(MouthIndex.chinTips.count)
        }
        let blackColor = SIMD3(black, 128, 128)
        let chroma = SIMD3<Float>(0, 1, 1)
        // Little light reaches the cavity; low down it takes the colour of the lower lip's inside. A slit shows the
        // inside of the lips, and black there would look like a drawn line.
        let wall = smoothStep(Self.wideGap, Self.slitGap, wanted)
        var dark =
            blackColor + (skin - blackColor) * (SIMD3(0.10, 0.12, 0.25) + wall * SIMD3(0.14, 0.3, 0.3))
            + SIMD3(3, 0, 0)
        dark.x = max(dark.x, darkest)
        let red = blackColor + (lip - blackColor) * (SIMD3(0.24, 0, 0) + chroma * 0.4)
        return View(
            gap: gap, plane: CanonicalPlane(pose, depth: gap.depth), black: black, amount: amount,
            keepsPatch: ratio < 1, isClosing: shown > wanted + 0.005, narrowing: narrowing, bankGap: bankGap,
            bankPlane: CanonicalPlane(bankPose, depth: bankGap.depth),
            jawShift: (jaw(shape) - jaw(bankShape)) * smoothStep(Self.upperTeethGap, Self.bothTeethGap, shown),
            paintedAmount: max(
                share(ratio, Self.stretchStart, Self.stretchFull),
                smoothStep(Self.openShown, Self.shutShown, shown)
                    * smoothStep(0.004, Self.smallestGap, wanted - shown)),
            softness: max(0.010, 1.5 / pose.unitPixels), upperColor: dark, lowerColor: red)
    }
}
