import Generations
import Testing

@Suite("Change signal")
struct ChangeSignalTests {
    @Test("an announcement between observing and waiting is not missed")
    func announcementBeforeWait() async {
        let signal = ChangeSignal()
        let observation = signal.observe(.jobs)
        signal.announce(.jobs)
        #expect(await observation.wait(atMost: .seconds(60)))
        #expect(await !observation.wait(atMost: .zero))
    }

    @Test("an announcement wakes who waits, and only for its topic")
    func wakes() async {
        let signal = ChangeSignal()
        let id = GenerationID()
        let wanted = signal.observe(.generation(id))
        let other = signal.observe(.generation(GenerationID()))
        async let woken = wanted.wait(atMost: .seconds(60))
        await Task.yield()
        signal.announce(.generation(id))
        #expect(await woken)
        #expect(await !other.wait(atMost: .milliseconds(1)))
    }

    @Test("a cancelled task stops to wait")
    func cancelled() async {
        let observation = ChangeSignal().observe(.deliveries)
        let task = Task { await observation.wait(atMost: .seconds(600)) }
        task.cancel()
        #expect(await !task.value)
    }

    @Test("who stopped to listen hears nothing")
    func stopped() async {
        let signal = ChangeSignal()
        let observation = signal.observe(.jobs)
        observation.cancel()
        signal.announce(.jobs)
        #expect(await !observation.wait(atMost: .milliseconds(1)))
    }
}
