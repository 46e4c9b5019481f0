import Synchronization

/// A source, a transform and a sink of numbered items, side by side: the source on a thread of its own, the transform on
/// one or several, the sink on the caller's, with bounded queues between them, so that memory does not grow with length.
///
/// ```swift
/// let timings = try FramePipeline(transformThreads: threadCount, cancellation: cancellation).run(
///     source: { try $0 < count ? frames.frame(at: $0) : nil },
///     makeTransform: { let drawer = Drawer(); return { number, frame in try drawer.draw(number, into: frame) } },
///     sink: { _, frame in try writer.append(frame) })
/// ```
package struct FramePipeline: Sendable {
    /// Frames that wait before and behind the transform, where nothing else is said: enough that an expensive frame does
    /// not make the other stages wait.
    package static let standardQueueCapacity = 8

    /// Seconds that each stage was busy, all of its threads together.
    package struct Timings: Sendable {
        package var sourceSeconds: Double
        package var transformSeconds: Double
        package var sinkSeconds: Double
    }

    private let transformThreads: Int
    private let queueCapacity: Int
    private let cancellation: Cancellation

    /// - Parameters:
    ///   - transformThreads: At least 1, which keeps the order of the items.
    ///   - queueCapacity: Items that wait in each of the two queues; at least one for every thread is taken.
    package init(
        transformThreads: Int = 1, queueCapacity: Int = standardQueueCapacity, cancellation: Cancellation
    ) {
        self.transformThreads = max(1, transformThreads)
        self.queueCapacity = max(queueCapacity, transformThreads + 1)
        self.cancellation = cancellation
    }

    /// Runs until the source ends.
    ///
    /// - Parameters:
    ///   - source: Gives item `number`, counted from 0; `nil` at the end. Called on one thread.
    ///   - makeTransform: Called once on each transforming thread; what it returns is called on that thread alone.
    ///   - sink: Takes the items in order, on the caller's thread.
    /// - Throws: The first error of any stage, `RenderFailure` of code `cancelled`. All threads have ended then.
    @discardableResult
    package func run<Input: Sendable, Output: Sendable>(
        source: @escaping @Sendable (_ number: Int) throws -> Input?,
        makeTransform: @escaping @Sendable () throws -> (_ number: Int, _ item: Input) throws -> Output,
        sink: (_ number: Int, _ item: Output) throws -> Void
    ) throws -> Timings {
        let read = BoundedQueue<Input>(capacity: queueCapacity)
        let transformed = BoundedQueue<Output>(capacity: queueCapacity)
        let group = ThreadGroup {
            read.close()
            transformed.close()
        }
        let clocks = (source: BusyClock(), transform: BusyClock(), sink: BusyClock())
        group.start("read") {
            var number = 0
            while true {
                try cancellation.check()
                guard let item = try clocks.source.measure({ try source(number) }) else { break }
                guard read.put(item, number: number) else { return }
                number += 1
            }
            read.close()
        }
        let working = Countdown(transformThreads)
        for thread in 0..<transformThreads {
            group.start("transform \(thread)") {
                let transform = try makeTransform()
                while let (number, item) = read.take() {
                    let output = try clocks.transform.measure { try transform(number, item) }
                    guard transformed.put(output, number: number) else { return }
                }
                if working.isLast() { transformed.close() }
            }
        }
        do {
            while let (number, item) = transformed.take() {
                try clocks.sink.measure { try sink(number, item) }
            }
        } catch {
            group.fail(error)
        }
        try group.wait()
        return Timings(
            sourceSeconds: clocks.source.seconds, transformSeconds: clocks.transform.seconds,
            sinkSeconds: clocks.sink.seconds)
    }
}

/// Tells the last of several threads that it is the last.
private final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// To be called once by each thread when it has done its work.
    func isLast() -> Bool {
        left.withLock { left in
            left -= 1
            return left == 0
        }
    }
}

/// Carries a value that one thread at a time uses into a thread's closure.
struct UncheckedSendable<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
