import Foundation
import LipSync
import Testing

@Suite("How much of the sounds is known")
struct SoundProgressTests {
    @Test("A thread waits until there is enough of a part, or no more of it")
    func waits() {
        let progress = SoundProgress(partCount: 1)
        let thread = Thread {
            for count in 1...100 { progress.report(10 * count, ofPart: 0, isMeasured: false) }
            progress.report(1005, ofPart: 0, isMeasured: true)
        }
        thread.start()
        #expect(progress.waits(forPart: 0) { count, _ in count >= 500 })
        #expect(progress.waits(forPart: 0) { count, _ in count > 1000 })
        #expect(!progress.waits(forPart: 0) { count, _ in count > 1005 })
        #expect(progress.count(ofPart: 0) == 1005)
    }

    @Test("Nobody waits for a sound that failed")
    func failed() {
        let progress = SoundProgress(partCount: 2)
        Thread {
            progress.report(7, ofPart: 0, isMeasured: true)
            progress.report(3, ofPart: 1, isMeasured: false)
            progress.close()
        }.start()
        #expect(!progress.waits(forPart: 1) { count, _ in count > 3 })
        #expect(progress.count(ofPart: 0) == 7)
        #expect(progress.count(ofPart: 1) == nil)
    }

    @Test("An empty sound is told from one of which nothing is known yet")
    func empty() {
        let progress = SoundProgress(partCount: 1)
        Thread { progress.report(0, ofPart: 0, isMeasured: true) }.start()
        #expect(progress.waits(forPart: 0) { count, isMeasured in count > 0 || isMeasured })
    }
}
