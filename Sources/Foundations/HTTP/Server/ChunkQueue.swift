/// A queue of bytes in chunks. Small chunks are joined, so that a slow stream of them does not cost an allocation each.
struct ChunkQueue {
    /// Chunks are joined up to this size in bytes. Unmeasured.
    private static let joinBelow = 16384

    private var chunks: [[UInt8]] = []
    private var first = 0
    private var offset = 0
    private(set) var byteCount = 0

    var isEmpty: Bool { byteCount == 0 }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        byteCount += bytes.count
        if first < chunks.count, chunks[chunks.count - 1].count + bytes.count <= Self.joinBelow {
            chunks[chunks.count - 1] += bytes
        } else {
            chunks.append(Array(bytes))
        }
    }

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        byteCount += bytes.count
        chunks.append(bytes)
    }

    /// Removes and returns the oldest chunk; `nil` when the queue is empty.
    mutating func popFirst() -> [UInt8]? {
        guard first < chunks.count else { return nil }
        var chunk: [UInt8] = []
        swap(&chunk, &chunks[first])
        if offset > 0 { chunk.removeFirst(offset) }
        byteCount -= chunk.count
        advance()
        return chunk
    }

    /// Moves the oldest bytes into a buffer and returns how many.
    mutating func move(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var moved = 0
        while moved < buffer.count, first < chunks.count {
            let count = min(buffer.count - moved, chunks[first].count - offset)
            chunks[first].withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: buffer[moved...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
            }
            moved += count
            offset += count
            if offset == chunks[first].count {
                chunks[first] = []
                advance()
            }
        }
        byteCount -= moved
        return moved
    }

    mutating func removeAll() { self = ChunkQueue() }

    private mutating func advance() {
        first += 1
        offset = 0
        if first == chunks.count {
            chunks.removeAll(keepingCapacity: true)
            first = 0
        } else if first > 64 {
            chunks.removeFirst(first)
            first = 0
        }
    }
}
