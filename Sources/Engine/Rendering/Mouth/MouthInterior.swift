import Face
import Media

/// The inside of the mouth where the chosen picture does not open as far as wanted, or opens further.
///
/// Stretching the picture would make teeth grow and shrink. Instead the bank's own interior is carried rigidly, its
/// upper half with the skull and its lower half with the jaw, and what it cannot show is a cavity lit like the face.
package struct MouthInterior {
    /// Ratios of wanted to shown opening where painting begins and is full.
    private static let stretchStart: Float = 1.25
    private static let stretchFull: Float = 1.65
    /// Ratios of shown to wanted width where teeth would be squeezed: painting begins and is full.
    private static let narrowingStart: Float = 1.12
    private static let narrowingFull: Float = 1.35
    /// Gaps that the picture shows: shut lips, and lips that are certainly apart.
    private static let shutShown: Float = 0.03
    private static let openShown: Float = 0.05
    /// Gaps below this are shut lips.
    private static let smallestGap: Float = 0.02
    /// Gaps in which the lips light each other, and those which are caves.
    private static let slitGap: Float = 0.03
    private static let wideGap: Float = 0.10
    /// Up to this far over what the picture shows of the upper teeth there are still teeth and gums, not darkness.
    private static let gumReach: Float = 0.06
    /// What the picture shows fades into the cavity below it over this.
    private static let edgeReach: Float = 0.02
    /// Gaps of a picture that show the upper teeth alone, and those that show the lower ones too, which move with the jaw.
    private static let upperTeethGap: Float = 0.05
    private static let bothTeethGap: Float = 0.09
    /// The lips' rim that the bank's interior must not show.
    private static let rim: Float = 0.008

    /// The colour of skin and lip in luma, blue and red chroma.
    var skin: SIMD3<Float>
    var lip: SIMD3<Float>
    /// The luma of black.
    var black: Float
    /// The luma of the deepest darkness that the clip itself shows between these lips: in a pale film black is a hole.
    var darkest: Float

    /// - Parameters:
    ///   - skin: Luma, blue and red chroma, as are the lips'.
    ///   - darkest: The least luma that the cavity may have.
    package init(skin: SIMD3<Float>, lip: SIMD3<Float>, black: Float, darkest: Float) {
        self.skin = skin
        self.lip = lip
        self.black = black
        self.darkest = darkest
    }

    /// Everything that is the same for all pixels of one picture in one frame.
    package struct View {
        let gap: MouthGap
        let plane: CanonicalPlane
        /// The luma of black.
        let black: Float
        /// How much is painted at all, 0…1.
        let amount: Float
        /// Whether what the bank cannot show stays as the patch has it (the bank is more open), or is the cavity.
        let keepsPatch: Bool
        /// Whether the bank's picture is more open than wanted.
        let isClosing: Bool
        /// How much narrower the wanted mouth is than the bank's, 0…1: its corners lie in the dark.
        let narrowing: Float
        fileprivate let bankGap: MouthGap
        fileprivate let bankPlane: CanonicalPlane
        fileprivate let jawShift: Float
        /// See `paintedShare`.
        fileprivate let paintedAmount: Float
        /// The width of soft edges in canonical units: more than a pixel.
        fileprivate let softness: Float
        fileprivate let upperColor: SIMD3<Float>
        fileprivate let lowerColor: SIMD3<Float>

        /// How much of a canonical place is painted where the mouth never opens in its clip: all of what a shut one
        /// cannot show, of a smile what lies beyond its teeth.
        func paintedShare(_ place: SIMD2<Float>) -> Float {
            let edges = gap.edges(place.x)
            guard edges.beyond == 0, paintedAmount > 0 else { return 0 }
            return paintedAmount * smoothStep(0, softness, min(place.y - edges.upper, edges.lower - place.y))
        }

        /// What is to be painted at a canonical place.
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

        /// How much light is left, 0…1, in a gap that closes over an interior which the bank shows open: a slit between
        /// lips is dark, not a strip of teeth.
        ///
        /// - Parameters:
        ///   - x: The canonical place along the mouth.
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

        /// How much light is left, 0…1, near the corners of a mouth that is narrower than its picture: the teeth there
        /// are the front ones, which stand in the light.
        @inline(__always)
        func cornerLight(_ x: Float) -> Float {
            1 - 0.45 * narrowing * (1 - smoothStep(0, 0.08, min(x - gap.left, gap.right - x)))
        }

        /// The pixel of the bank's frame that shows a canonical place.
        @inline(__always)
        func bankPixel(_ place: SIMD2<Float>) -> SIMD2<Float> { bankPlane.pixel(place) }

        /// The cavity's value in one plane, from 0 under the upper lip to 1 above the lower one.
        @inline(__always)
        package func cavity(_ planeNumber: Int, depth: Float) -> Float {
            let share = 0.7 * smoothStep(0.2, 1, depth)
            return upperColor[planeNumber] + (lowerColor[planeNumber] - upperColor[planeNumber]) * share
        }
    }

    /// Prepares painting for one picture of the bank.
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
        // Little light reaches the cavity; low down it takes the colour of the lower lip's inside. Of a slit the lips are
        // the walls, and black there looks like a drawn line.
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
