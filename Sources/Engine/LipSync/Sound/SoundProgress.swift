import Foundation

/// How much of the sounds of a job's parts has been measured so far, for a thread that follows the picture meanwhile.
///
/// Sounds are measured in a fraction of the time that the picture takes, so hardly anybody waits.
package final class SoundProgress: @unchecked Sendable {
    private let condition = NSCondition()
    private var counts: [Int]
    private var measured: Set<Int> = []
    private var isClosed = false

    package init(partCount: Int) { counts = [Int](repeating: 0, count: partCount) }

    /// Says how many samples of a part are used, or how many at least while it is not yet measured whole.
    package func report(_ count: Int, ofPart part: Int, isMeasured: Bool) {
        condition.lock()
        counts[part] = count
        if isMeasured { measured.insert(part) }
        condition.broadcast()
        condition.unlock()
    }

    /// Nothing more will be reported: all is measured, or it failed.
    package func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until a part is known to have enough samples, or to have no more than it has.
    ///
    /// - Parameter isEnough: Whether a number of samples is enough; so is every larger one.
    package func waits(forPart part: Int, _ isEnough: (_ count: Int, _ isMeasured: Bool) -> Bool) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let isMeasured = measured.contains(part)
            if isEnough(counts[part], isMeasured) { return true }
            if isMeasured || isClosed { return false }
            condition.wait()
        }
    }

    /// The samples of a part if it is measured.
    package func count(ofPart part: Int) -> Int? {
        condition.lock()
        defer { condition.unlock() }
        return measured.contains(part) ? counts[part] : nil
    }
}
