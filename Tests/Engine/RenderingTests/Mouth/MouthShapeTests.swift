import Face
import Rendering
import Testing

@Suite("The mouth's shape")
struct MouthShapeTests {
    private let neutral = SyntheticSpeaker.neutral
    private let width = SyntheticSpeaker.mouthWidth

    private func driven(_ curves: MouthCurves) -> [SIMD3<Float>] {
        MouthShape.drive(neutral, curves, mouthWidth: width) { _ in .zero }
    }

    private func gap(_ shape: [SIMD3<Float>]) -> Float {
        shape[MouthIndex.lowerMiddle].y - shape[MouthIndex.upperMiddle].y
    }

    @Test(
        "An opening of so many mouth widths is a gap of so many mouth widths more",
        arguments: [0, 0.05, 0.2, 0.4] as [Float])
    func opening(amount: Float) {
        let shape = driven(MouthCurves(opening: amount))
        #expect(abs(gap(shape) - gap(neutral) - amount * width) < 2e-3 * max(amount, 0.1))
    }

    @Test("Width moves the corners apart by as much, and sideways alone it opens nothing")
    func widening() {
        for amount: Float in [-0.15, 0.1, 0.3] {
            let shape = driven(MouthCurves(opening: 0.1, width: amount))
            let change =
                (shape[MouthIndex.leftCorner].x - shape[MouthIndex.rightCorner].x)
                - (neutral[MouthIndex.leftCorner].x - neutral[MouthIndex.rightCorner].x)
            #expect(abs(change - amount * width) < 0.03 * width)
            #expect(abs(gap(shape) - gap(driven(MouthCurves(opening: 0.1)))) < 0.02 * width)
        }
    }

    @Test("No curves at all leave the neutral shape")
    func still() { #expect(driven(MouthCurves()) == neutral) }

    @Test("A symmetric mouth stays symmetric")
    func symmetric() {
        let shape = driven(MouthCurves(opening: 0.3, width: 0.1, jaw: 0.1))
        #expect(abs(shape[MouthIndex.leftCorner].x + shape[MouthIndex.rightCorner].x) < 2e-3)
        #expect(abs(shape[MouthIndex.leftCorner].y - shape[MouthIndex.rightCorner].y) < 2e-3)
    }

    @Test("Lips never pass through each other, whatever is asked for")
    func lipsNeverCross() {
        for opening: Float in [-0.5, -0.1, -0.01, 0, 0.1] {
            for width: Float in [-0.4, 0, 0.4] {
                for jaw: Float in [-0.3, 0, 0.3] {
                    let shape = driven(MouthCurves(opening: opening, width: width, jaw: jaw))
                    for (upper, lower) in zip(MouthIndex.upperInner, MouthIndex.lowerInner) {
                        #expect(shape[lower].y >= shape[upper].y)
                    }
                }
            }
        }
    }

    @Test("An open smile is shut: the lips meet and the mouth gets narrower")
    func shutsSmile() {
        let smile = driven(MouthCurves(opening: 0.25, width: 0.3))
        #expect(gap(smile) > 0.1)
        let shut = MouthShape.shut(smile)
        for (upper, lower) in zip(MouthIndex.upperInner, MouthIndex.lowerInner) {
            #expect(abs(shut[lower].y - shut[upper].y) < 1e-5)
        }
        let before = smile[MouthIndex.leftCorner].x - smile[MouthIndex.rightCorner].x
        let after = shut[MouthIndex.leftCorner].x - shut[MouthIndex.rightCorner].x
        #expect(after < before)
        #expect(after > 0.7 * before)
        // The line between the lips runs into its corners without a hook.
        let line = ([MouthIndex.rightCorner] + MouthIndex.upperInner + [MouthIndex.leftCorner]).map { shut[$0] }
        let slopes = zip(line, line.dropFirst()).map { abs($1.y - $0.y) / max(abs($1.x - $0.x), 1e-3) }
        #expect(slopes.max()! < 0.7)
    }

    @Test("A mouth that is shut already is left as it is")
    func leavesShut() { #expect(MouthShape.shut(neutral) == neutral) }
}
