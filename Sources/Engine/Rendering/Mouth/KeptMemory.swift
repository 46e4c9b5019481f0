/// Memory for values of one trivial type that grows when needed and is kept, so that drawing allocates nothing in the
/// steady state.
final class Scratch<Element> {
    private(set) var base: UnsafeMutablePointer<Element>
    private var capacity: Int

    init() {
        capacity = 64
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    /// Memory for `count` values, uninitialised. Values of an earlier call may be lost.
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
    /// Replaces the content by a value for each element of `source`, reusing the array's memory.
    mutating func refill<Source: Collection>(
        _ source: Source, _ value: (Source.Element) throws -> Element
    ) rethrows {
        removeAll(keepingCapacity: true)
        if capacity < source.count { reserveCapacity(source.count.withRoomToGrow) }
        for element in source { append(try value(element)) }
    }

    /// Makes the array at least `count` elements long; a new array is filled with `filler` only.
    mutating func grow(toHold count: Int, filler: Element) {
        if self.count < count { self = Array(repeating: filler, count: count.withRoomToGrow) }
    }
}

extension Int {
    /// A quarter more, so that sizes that grow slowly (an approaching face) seldom allocate. Unmeasured.
    fileprivate var withRoomToGrow: Int { self + self / 4 }
}
