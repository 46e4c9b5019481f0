package import Media

/// The decoded frames that the first pass leaves to the second, so that a clip that fits into memory is decoded once.
package struct KeptFrames: Sendable {
    private let budgetBytes: Int
    private var frames: [Int: VideoFrame] = [:]
    private var isGivenUp = false
    /// Memory of the kept frames.
    package private(set) var byteCount = 0

    /// - Parameter budgetBytes: As soon as the frames need more, none is kept.
    package init(budgetBytes: Int) { self.budgetBytes = budgetBytes }

    /// Keeps a frame, if all that are expected fit.
    ///
    /// - Parameter expectedCount: Frames that will come, as far as that is known.
    package mutating func add(_ frame: VideoFrame, number: Int, expectedCount: @autoclosure () -> Int) throws {
        guard !isGivenUp else { return }
        let size = frame.byteCount
        let isTooMuch =
            frames.isEmpty
            ? expectedCount() > budgetBytes / max(size, 1) : byteCount + size > budgetBytes
        guard !isTooMuch else {
            self = KeptFrames(budgetBytes: budgetBytes)
            isGivenUp = true
            return
        }
        if frames.updateValue(frame, forKey: number) == nil { byteCount += size }
    }

    /// A frame over the memory of a kept one; `nil` for one that is not kept.
    func frame(_ number: Int) throws -> VideoFrame? { try frames[number]?.reference() }

    /// Takes a frame out that is not needed again.
    mutating func remove(_ number: Int) -> VideoFrame? {
        guard let frame = frames.removeValue(forKey: number) else { return nil }
        byteCount -= frame.byteCount
        return frame
    }
}
