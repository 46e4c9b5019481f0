/// Memory for one plane's values that grows when needed and is then kept.
final class Scratch<Element> {
    private(set) var base: UnsafeMutablePointer<Element>
    private var capacity: Int

    init() {
        capacity = 64
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// Room for `count` trivial values, not set to anything.
    func reserve(_ count: Int) -> UnsafeMutablePointer<Element> {
        if count > capacity {
            base.deallocate()
            capacity = count.withRoomToGrow
            base = .allocate(capacity: capacity)
        }
        return base
    }
}

extension Array {
    /// Replaces the content by a value for each element of `source`, in the memory that is there already.
    mutating func refill<Source: Collection>(
        _ source: Source, _ value: (Source.Element) throws -> Element
    ) rethrows {
        removeAll(keepingCapacity: true)
        if capacity < source.count { reserveCapacity(source.count.withRoomToGrow) }
        for element in source { append(try value(element)) }
    }

    /// Makes room for `count` elements at least; new memory is filled with `filler`.
    mutating func grow(toHold count: Int, filler: Element) {
        if self.count < count { self = Array(repeating: filler, count: count.withRoomToGrow) }
    }
}

extension Int {
    /// A quarter more: what grows slowly from frame to frame, like an approaching face, then seldom allocates.
    fileprivate var withRoomToGrow: Int { self + self / 4 }
}
