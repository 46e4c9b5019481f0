import Foundation
import Generations

extension BlobConformance {
    /// Files that nobody refers to, by their age, and damaged ones.
    static let blobSweepCases = [
        BlobConformance("the sweep takes what is old and unknown, and nothing else") { bench in
            var keys: [BlobKey] = []
            for index in 0..<20 { keys.append(try await bench.write([UInt8(index)])) }
            let known = Set(keys.prefix(5))
            try expectEqual(try await bench.store.sweep(olderThan: .seconds(3600)) { _ in [] }, SweepOutcome())
            let outcome = try await bench.store.sweep(olderThan: .zero) { known.intersection($0) }
            try expectEqual(outcome.quarantinedCount, 15)
            try expectEqual(outcome.deletedCount, 0)
            try expectEqual(outcome.failedCount, 0)
            for (index, key) in keys.enumerated() {
                try expect(try await bench.isThere(key) == (index < 5), "\(index) is not where it belongs")
            }
            try await bench.expectFiles(20)
        },
        BlobConformance("what was swept by mistake comes back once something refers to it; the rest goes in time") {
            bench in
            var keys: [BlobKey] = []
            for index in 0..<2 { keys.append(try await bench.write([UInt8(index)])) }
            _ = try await bench.store.sweep(olderThan: .zero) { _ in [] }
            for key in keys { try expect(try await !bench.isThere(key), "\(key) was not put aside") }
            try await bench.grow(2000)
            keys.append(try await bench.write([2]))
            // Both come back while the third one is put aside, then they are put aside again: their time begins anew.
            let both = Set(keys.prefix(2))
            try expectEqual(try await bench.store.sweep(olderThan: .zero) { both.intersection($0) }.restoredCount, 2)
            try expectEqual(try await bench.store.sweep(olderThan: .zero) { _ in [] }.quarantinedCount, 2)
            let known: Set = [keys[0]]
            let outcome = try await bench.store.sweep(olderThan: .seconds(1000)) { known.intersection($0) }
            try expectEqual(outcome.restoredCount, 1)
            try expectEqual(outcome.deletedCount, 0)
            try await bench.grow(2000)
            let later = try await bench.store.sweep(olderThan: .seconds(5000)) { known.intersection($0) }
            try expectEqual(later.deletedCount, 2)
            try expectEqual(try await bench.store.reader(for: keys[0])?.read(offset: 0, maximumCount: 9), [0])
            try await bench.expectFiles(1)
        },
        BlobConformance("a content that is stored anew while the sweep asks about its old file is kept") { bench in
            for bytes in [[1, 2, 3], [UInt8](repeating: 9, count: 400_000)] {
                let key = try await bench.write(bytes)
                try await bench.grow(7200)
                let outcome = try await bench.store.sweep(olderThan: .seconds(3600)) { asked in
                    if asked.contains(key) { _ = try await bench.write(bytes) }
                    return Set(asked).subtracting([key])
                }
                try expectEqual(outcome, SweepOutcome())
                try expect(try await bench.isThere(key), "it was swept away")
            }
        },
        BlobConformance("a file is removed by its age at that moment") { bench in
            let key = try await bench.write([1])
            try expect(try await !bench.store.remove(key, ifOlderThan: .seconds(3600)), "removed too early")
            try await bench.grow(1800)
            try expect(try await !bench.store.remove(key, ifOlderThan: .seconds(3600)), "removed too early")
            try await bench.grow(5400)
            try expect(try await bench.store.remove(key, ifOlderThan: .seconds(3600)), "not removed")
            try expect(try await !bench.isThere(key), "still there")
            try expect(try await bench.store.remove(key, ifOlderThan: .seconds(3600)), "none is none")
        },
        BlobConformance("a flipped bit is found, in contents and in outputs, and nothing else is complained about") {
            bench in
            var keys: [BlobKey] = []
            for index in 0..<4 {
                let source = bench.folder + "/made-\(index).mp4"
                try Data([UInt8(index), 8, 9]).write(to: URL(fileURLWithPath: source))
                let key = BlobKey.output(GenerationID(), fence: 1, name: "output.mp4")
                keys.append(try await bench.store.adopt(path: source, as: key).key)
                keys.append(try await bench.write([UInt8](repeating: UInt8(index), count: 2_000_000)))
            }
            let sound = try await bench.store.scrub(bytesPerSecond: nil)
            try expectEqual(sound.fileCount, 8)
            try expectEqual(sound.byteCount, 8_000_012)
            try expectEqual(sound.damaged, [])
            for key in keys[2...3] { try await bench.damage(key) }
            let damaged = try await bench.store.scrub(bytesPerSecond: nil)
            try expectEqual(Set(damaged.damaged), Set(keys[2...3]))
            try expectEqual(damaged.fileCount, 8)
        },
    ]
}
