import Face
import Media
import Rendering
import Testing

@Suite("The choice of mouth pictures")
struct MouthPathTests {
    private let speaker = SyntheticSpeaker.talking(120)

    private func bank(_ scene: SpeakerScene, rows: [Int]) throws -> MouthBank {
        var builder = MouthBankBuilder()
        let frame = try VideoFrame(width: 640, height: 400)
        for row in rows { builder.add(frame, number: row, landmarks: speaker.mesh(row)) }
        return MouthBank(builder, scene: scene)
    }

    private func shares(_ scene: SpeakerScene, _ row: Int) -> MouthCurves {
        scene.range.shares(scene.ownCurves[row])
    }

    @Test("The scene measures the curves that the speaker was made of")
    func measures() {
        let scene = speaker.scene
        // The smoothing bends the sharp turns of the made curves a little.
        var squares: Float = 0
        for (own, made) in zip(scene.ownCurves, speaker.curves) {
            squares += (own.opening - made.opening) * (own.opening - made.opening)
        }
        #expect((squares / Float(speaker.curves.count)).squareRoot() < 0.03)
        #expect(abs(scene.mouthWidth - SyntheticSpeaker.mouthWidth) < 0.01)
    }

    // The control of the whole mouth bank: who says what he said gets his own pictures.
    @Test("Asked for the speaker's own motion, every frame picks itself")
    func zeroMotion() throws {
        let scene = speaker.scene
        let rows = Array(scene.frameNumbers.indices)
        let bank = try bank(scene, rows: rows)
        let plan = MouthPlanner(scene: scene, bank: bank).plan(rows: rows, curves: rows.map { shares(scene, $0) })
        // The first thirty frames are one shut mouth, so any of them is right for any other.
        for row in 32..<rows.count {
            let parts = plan[row].choice.parts
            #expect(parts.count == 1, "frame \(row)")
            #expect(bank.entries[parts[0].entry].row == row)
        }
    }

    @Test("A single frame picks the entry that shows exactly what is wanted")
    func exactEntry() throws {
        let scene = speaker.scene
        let rows = Array(scene.frameNumbers.indices)
        let bank = try bank(scene, rows: rows)
        let planner = MouthPlanner(scene: scene, bank: bank)
        for row in stride(from: 35, to: rows.count - 3, by: 7) {
            let choice = planner.plan(rows: [row], curves: [shares(scene, row)])[0].choice
            #expect(choice.parts.map(\.entry) == [row])
        }
    }

    @Test("A mouth that is held still stays with one picture")
    func holdsStill() throws {
        let scene = speaker.scene
        let bank = try bank(scene, rows: Array(scene.frameNumbers.indices))
        let wanted = shares(scene, 60)
        let plan = MouthPlanner(scene: scene, bank: bank).plan(
            rows: Array(repeating: 60, count: 40), curves: Array(repeating: wanted, count: 40))
        #expect(Set(plan.map(\.choice)).count == 1)
    }

    @Test("Nor does it swing to and fro between equal pictures")
    func doesNotSwing() throws {
        let scene = speaker.scene
        // One shut mouth, filmed ten times.
        let bank = try bank(scene, rows: Array(0..<10))
        let plan = MouthPlanner(scene: scene, bank: bank).plan(
            rows: Array(repeating: 5, count: 40), curves: Array(repeating: shares(scene, 5), count: 40))
        let shown = plan.map { $0.choice.parts[0].entry }
        // It may go through them as they were filmed, and begin anew; backwards it would flicker.
        #expect(zip(shown, shown.dropFirst()).allSatisfy { $1 != $0 - 1 }, "\(shown)")
    }

    @Test("Weights always sum to one, a jump is faded over two frames, and every entry exists")
    func fades() throws {
        let scene = speaker.scene
        let bank = try bank(scene, rows: Array(stride(from: 0, to: 120, by: 3)))
        let order = (0..<120).map { ($0 / 15 * 47 + $0) % 120 }
        let plan = MouthPlanner(scene: scene, bank: bank).plan(
            rows: Array(0..<120), curves: order.map { shares(scene, $0) })
        #expect(plan.count == 120)
        for instruction in plan {
            #expect(abs(instruction.choice.parts.reduce(0) { $0 + $1.weight } - 1) < 1e-6)
            #expect(abs(instruction.choice.parts.reduce(0) { $0 + $1.inside } - 1) < 1e-6)
            #expect((1...2).contains(instruction.choice.parts.count))
            #expect(instruction.choice.parts.allSatisfy { bank.entries.indices.contains($0.entry) })
        }
        #expect(plan.contains { $0.choice.parts.count == 2 })
    }

    @Test("Lips touch or are apart: slits are shut, and wider openings come as wanted, without a step")
    func touching() throws {
        let scene = speaker.scene
        let planner = MouthPlanner(scene: scene, bank: MouthBank(MouthBankBuilder(), scene: scene))
        let wanted = (0...40).map { Float($0) * 0.01 }
        let plan = planner.plan(
            rows: Array(repeating: 60, count: wanted.count), curves: wanted.map { MouthCurves(opening: $0) })
        let shown = plan.map { $0.curves.opening / scene.range.opening }
        #expect(shown[8] == 0)
        #expect(shown[5] == 0)
        #expect(abs(shown[30] - 0.30) < 1e-4)
        #expect(abs(shown[40] - 0.40) < 1e-4)
        for (a, b) in zip(shown, shown.dropFirst()) {
            #expect(b >= a)
            #expect(b - a < 0.03)
        }
    }

    // Mixed half and half, two different rows of teeth are seen as two.
    @Test("At a jump between different insides the new one is there at once, while the lips are faded")
    func insides() throws {
        let scene = speaker.scene
        let (bright, dark) = (try VideoFrame(width: 640, height: 400), try VideoFrame(width: 640, height: 400))
        for (frame, value) in [(bright, UInt8(220)), (dark, 40)] {
            frame.luma.base.update(repeating: 120, count: frame.luma.stride * frame.height)
            // Between the lips of the mean face, where only they differ.
            for y in 262..<300 { (frame.luma.base + y * frame.luma.stride + 290).update(repeating: value, count: 60) }
        }
        var builder = MouthBankBuilder()
        for row in 0..<120 where row % 10 < 3 {
            builder.add(row < 70 ? bright : dark, number: row, landmarks: speaker.mesh(row))
        }
        let bank = MouthBank(builder, scene: scene)
        let order = (0..<120).map { ($0 / 15 * 47 + $0) % 120 }
        let plan = MouthPlanner(scene: scene, bank: bank).plan(
            rows: Array(0..<120), curves: order.map { shares(scene, $0) })
        let jumps = plan.map(\.choice.parts).filter { parts in
            parts.count == 2 && Set(parts.map { bank.entries[$0.entry].row < 70 }).count == 2
        }
        #expect(!jumps.isEmpty)
        for parts in jumps {
            #expect(parts[0].inside > 0.95, "\(parts)")
            #expect(parts[0].weight < 0.9, "\(parts)")
        }
    }

    @Test("Of two pictures with equal lips the one in the light of the frame is taken")
    func light() throws {
        let scene = SyntheticSpeaker.scene(Array(repeating: speaker.mesh(60), count: 40))
        var builder = MouthBankBuilder()
        for row in 0..<40 where row < 10 || row >= 30 {
            let frame = try VideoFrame(width: 640, height: 400)
            frame.luma.base.update(repeating: row < 20 ? 70 : 160, count: frame.luma.stride * frame.height)
            builder.add(frame, number: row, landmarks: speaker.mesh(60))
        }
        let bank = MouthBank(builder, scene: scene)
        let planner = MouthPlanner(scene: scene, bank: bank)
        for row in [0, 5, 12, 27, 39] {
            let choice = planner.plan(rows: [row], curves: [MouthCurves(opening: 0.5)])[0].choice
            #expect((bank.entries[choice.parts[0].entry].row < 20) == (row < 20), "row \(row)")
        }
    }

    @Test("Without pictures nothing is chosen and the curves still come")
    func emptyBank() {
        let scene = speaker.scene
        let bank = MouthBank(MouthBankBuilder(), scene: scene)
        let plan = MouthPlanner(scene: scene, bank: bank).plan(
            rows: [0, 1, 2], curves: Array(repeating: MouthCurves(opening: 0.5), count: 3))
        #expect(plan.allSatisfy { $0.choice.parts.isEmpty && $0.curves.opening > 0 })
    }

    @Test("The same wishes give the same plan")
    func deterministic() throws {
        let scene = speaker.scene
        let bank = try bank(scene, rows: Array(stride(from: 0, to: 120, by: 2)))
        let wishes = (0..<120).map { shares(scene, ($0 * 7) % 120) }
        let planner = MouthPlanner(scene: scene, bank: bank)
        let (first, second) = (
            planner.plan(rows: Array(0..<120), curves: wishes), planner.plan(rows: Array(0..<120), curves: wishes)
        )
        #expect(first.map(\.choice) == second.map(\.choice))
        #expect(first.map(\.curves) == second.map(\.curves))
    }
}
