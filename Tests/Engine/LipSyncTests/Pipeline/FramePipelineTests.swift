import Foundation
import LipSync
import Synchronization
import Testing

@Suite("The pipeline of frames")
struct FramePipelineTests {
    private struct Stopped: Error, Equatable { var stage: String }

    private func run(
        threads: Int, count: Int, failing stage: String = "", at place: Int = 40, capacity: Int = 8,
        cancellation: Cancellation = Cancellation(), sink: (Int) -> Void = { _ in }
    ) throws {
        try FramePipeline(transformThreads: threads, queueCapacity: capacity, cancellation: cancellation).run(
            source: { number in
                if stage == "source", number == place { throw Stopped(stage: stage) }
                return number < count ? number * 3 : nil
            },
            makeTransform: {
                if stage == "make" { throw Stopped(stage: stage) }
                return { number, item in
                    if stage == "transform", number == place { throw Stopped(stage: stage) }
                    #expect(item == number * 3)
                    return item + 1
                }
            },
            sink: { number, item in
                if stage == "sink", number == place { throw Stopped(stage: stage) }
                #expect(item == number * 3 + 1)
                sink(number)
            })
    }

    @Test("Items come to the sink in order and all of them, however many threads transform", arguments: [1, 2, 5, 40])
    func order(threads: Int) throws {
        for count in [0, 1, 300] {
            var taken: [Int] = []
            try run(threads: threads, count: count) { taken.append($0) }
            #expect(taken == Array(0..<count))
        }
    }

    @Test(
        "The first error of any stage ends all of them and is thrown",
        arguments: ["source", "make", "transform", "sink"], [1, 3])
    func failure(stage: String, threads: Int) {
        #expect(throws: Stopped(stage: stage)) { try run(threads: threads, count: .max, failing: stage) }
    }

    @Test("Cancelling ends a pipeline without an end")
    func cancelled() {
        let cancellation = Cancellation()
        let failure = #expect(throws: RenderFailure.self) {
            try run(threads: 2, count: .max, cancellation: cancellation) { if $0 == 20 { cancellation.cancel() } }
        }
        #expect(failure?.code == .cancelled)
    }

    @Test("A source runs ahead of a slow sink by the queues and the threads, no further")
    func bounded() throws {
        let read = Mutex(0)
        var furthest = 0
        try FramePipeline(transformThreads: 2, queueCapacity: 4, cancellation: Cancellation()).run(
            source: { number in
                read.withLock { $0 = number }
                return number < 200 ? number : nil
            },
            makeTransform: { { $1 } },
            sink: { number, _ in
                if number == 100 { Thread.sleep(forTimeInterval: 0.05) }
                furthest = max(furthest, read.withLock { $0 } - number)
            })
        #expect(furthest <= 4 + 4 + 2 + 1)
    }

    @Test("The sound is written in blocks, no further ahead of the picture than its lead, and to its end")
    func interleaver() throws {
        var blocks: [Int] = []
        var sound = SoundInterleaver(sampleRate: 48_000, sampleCount: 20_000) { count in
            // A piece may end within a block.
            let written = min(count, 3000)
            blocks.append(written)
            return written
        }
        try sound.write(toSeconds: 0)
        #expect(blocks == [3000, 3000, 3000, 600])
        try sound.write(toSeconds: 0)
        #expect(blocks.count == 4)
        try sound.finish()
        #expect(blocks.reduce(0, +) == 20_000)
        #expect(blocks.allSatisfy { $0 > 0 && $0 <= 3000 })
    }
}
