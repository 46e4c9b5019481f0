import Generations
import Testing

struct LiveRendersTests {
    private let renders = LiveRenders()
    private let id = GenerationID()

    /// Goal: an attempt that has lost its job takes away nothing that a newer one shows, and changes none of it.
    @Test func lostAttempt() {
        renders.begin(id, fence: 1)
        renders.update(id, fence: 1) { $0.previewCount = 7 }
        renders.begin(id, fence: 2)
        #expect(renders.render(id) == LiveRender())
        renders.update(id, fence: 1) { $0.previewCount = 8 }
        renders.remove(id, fence: 1)
        #expect(renders.render(id) == LiveRender())
        renders.begin(id, fence: 1)
        renders.update(id, fence: 2) { $0.stage = .rendering }
        #expect(renders.render(id)?.stage == .rendering)
        renders.remove(id, fence: 2)
        #expect(renders.render(id) == nil)
    }

    /// Goal: what comes late from an attempt that has ended makes no render known again.
    @Test func lateChange() {
        renders.begin(id, fence: 3)
        renders.remove(id, fence: 3)
        renders.update(id, fence: 3) { $0.previewCount = 1 }
        #expect(renders.render(id) == nil)
    }
}
