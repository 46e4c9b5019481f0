import CAllocationCount
import Face
import Media
import Rendering
import TestSupport
import Testing

@Suite("Memory while drawing")
struct AllocationTests {
    /// The allocations of this thread during `body`.
    private func allocations(_ body: () throws -> Void) rethrows -> Int {
        lipsmith_allocations_start()
        defer { _ = lipsmith_allocations_stop() }
        try body()
        return Int(lipsmith_allocations_stop())
    }

    // The control: without it a counter that never counts would prove anything.
    @Test("The counter counts arrays, objects and memory of the C library")
    func counts() throws {
        #expect(allocations {} == 0)
        var arrays: [[Int]] = []
        arrays.reserveCapacity(8)
        #expect(allocations { for count in 100..<108 { arrays.append(Array(0..<count)) } } == 8)
        #expect(try allocations { _ = try VideoFrame(width: 64, height: 64) } > 1)
    }

    /// Wide and shut mouths, cross-fades of two pictures and faces that fade in and out.
    private func instructions(_ speaker: RealSpeaker, bank: MouthBank) -> [MouthInstruction] {
        let rows = Array(0..<RealSpeaker.frameCount)
        var planned = MouthPlanner(scene: speaker.scene, bank: bank).plan(
            rows: rows,
            curves: rows.map { MouthCurves(opening: Float($0 % 4) * 0.4, width: Float($0 % 3) * 0.4, jaw: 0.5) })
        for index in planned.indices where index % 3 == 1 { planned[index].strength = 0.4 }
        guard let first = planned.first?.choice.parts.first else { return planned }
        for index in planned.indices where index % 2 == 1 {
            var parts = [first, first]
            (parts[0].weight, parts[0].inside) = (0.25, 0.75)
            (parts[1].weight, parts[1].inside) = (0.75, 0.25)
            planned[index].choice.parts = parts
        }
        return planned
    }

    @Test(
        "Once its memory has grown, a renderer draws without asking for more",
        arguments: [(true, false), (false, false), (true, true)])
    func drawsWithoutAllocating(hasBank: Bool, isFine: Bool) throws {
        let speaker = try RealSpeaker()
        let bank = hasBank ? speaker.bank : speaker.emptyBank
        let instructions = instructions(speaker, bank: bank)
        let renderer = MouthRenderer(isFine: isFine)
        let frame = try speaker.frame.copy()
        func drawAll() throws {
            for instruction in instructions {
                try renderer.draw(instruction, into: frame, scene: speaker.scene, bank: bank)
            }
        }
        try drawAll()
        #expect(try allocations(drawAll) == 0)
    }
}
