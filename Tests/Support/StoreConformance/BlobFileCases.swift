import Foundation
import Generations

extension BlobConformance {
    /// Files come, are read and go.
    static let blobFileCases = [
        BlobConformance("bytes come back as they went in, whole and in parts, under the digest of their content") {
            bench in
            let store = bench.store
            let writer = try await store.makeWriter()
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for start in stride(from: 0, to: bytes.count, by: 70_000) {
                try await writer.write(Array(bytes[start..<min(start + 70_000, bytes.count)]))
            }
            let facts = try await writer.finish(as: nil)
            try expectEqual(facts.key, .content(digest: Digest.sha256(bytes)))
            try expectEqual(facts.byteCount, 300_000)
            guard let reader = try await store.reader(for: facts.key) else {
                throw ConformanceFailure(description: "what was stored is not there")
            }
            try expectEqual(reader.facts, facts)
            try expectEqual(try await reader.read(offset: 0, maximumCount: 1 << 20), bytes)
            try expectEqual(try await reader.read(offset: 299_990, maximumCount: 100), Array(bytes.suffix(10)))
            try expectEqual(try await reader.read(offset: 300_000, maximumCount: 100), [])
            try expectEqual(try await store.facts(of: facts.key), facts)
            try expect(try await store.reader(for: BlobKey(rawValue: "content/none")) == nil, "a reader of nothing")
            try expectEqual(try await store.facts(of: BlobKey(rawValue: "content/none")), nil)
        },
        BlobConformance("a file of many parts comes back whole, by ranges and at a path") { bench in
            let store = bench.store
            let writer = try await store.makeWriter()
            let block = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
            for _ in 0..<20 { try await writer.write(block) }
            let key = BlobKey(rawValue: "outputs/aa/large.mp4")
            let facts = try await writer.finish(as: key)
            try expectEqual(facts.key, key)
            try expectEqual(facts.byteCount, 20_000_060)
            guard let reader = try await store.reader(for: key) else {
                throw ConformanceFailure(description: "what was stored is not there")
            }
            for (block20, count) in [(0, 5000), (19, 1_000_003), (7, 2_500_000), (8, 10), (1, 6_000_000)] {
                let bytes = try await reader.read(offset: Int64(block20) * 1_000_003, maximumCount: count)
                let expected = (0..<7).flatMap { _ in block }.prefix(min(count, (20 - block20) * 1_000_003))
                try expect(bytes.elementsEqual(expected), "\(count) bytes from block \(block20)")
            }
            let path = bench.folder + "/large.mp4"
            try await store.materialize(key, at: path)
            let digest = DigestStream()
            for _ in 0..<20 { digest.update(block) }
            try expectEqual(Digest.sha256(try Data(contentsOf: URL(fileURLWithPath: path))), digest.finish())
            try await bench.expectFiles(1)
        },
        BlobConformance("an empty file is a file") { bench in
            let key = try await bench.write([])
            try expectEqual(try await bench.store.facts(of: key)?.byteCount, 0)
            try expectEqual(try await bench.store.reader(for: key)?.read(offset: 0, maximumCount: 9), [])
            let path = bench.folder + "/empty"
            try await bench.store.materialize(key, at: path)
            try expectEqual(try Data(contentsOf: URL(fileURLWithPath: path)), Data())
        },
        BlobConformance("equal contents are one file; discarded and forgotten writers leave none") { bench in
            let large = [UInt8](repeating: 7, count: 9_000_000)
            for _ in 0..<3 {
                _ = try await bench.write([1, 2, 3])
                _ = try await bench.write(large)
            }
            try await bench.expectFiles(2)
            for bytes in [[4], large + large] {
                let discarded = try await bench.store.makeWriter()
                try await discarded.write(bytes)
                await discarded.discard()
                try await expectStoreError { try await discarded.write([5]) }
                do {
                    let forgotten = try await bench.store.makeWriter()
                    try await forgotten.write(bytes)
                }
            }
            try await bench.expectFiles(2)
        },
        BlobConformance("names that would lead elsewhere are refused") { bench in
            for name in [
                "", "/etc/passwd", "../x", "a/../../x", "a//b", ".hidden", "a/.b", "a\u{0}b", "ü", "a b", "a?b",
                "a%2Fb",
            ] {
                let key = BlobKey(rawValue: name)
                try await expectStoreError(.refused) { try await bench.store.reader(for: key) as Any }
                try await expectStoreError(.refused) { try await bench.store.remove(key) }
                let writer = try await bench.store.makeWriter()
                try await writer.write([1])
                try await expectStoreError(.refused) { try await writer.finish(as: key) }
                await writer.discard()
            }
            try await bench.expectFiles(0)
        },
        BlobConformance("a worker's file is taken over, handed out, and can be read to its end while it is removed") {
            bench in
            let store = bench.store
            for (index, bytes) in [[7, 8, 9], (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }].enumerated()
            {
                let (source, copy) = (bench.folder + "/made-\(index).mp4", bench.folder + "/copy-\(index).mp4")
                try Data(bytes).write(to: URL(fileURLWithPath: source))
                let key = BlobKey.output(GenerationID(), fence: 3, name: "video.mp4")
                let stored = try await store.adopt(path: source, as: key).key
                try expectEqual(stored, key.carrying(digest: Digest.sha256(bytes)))
                try expect(stored.rawValue.hasSuffix(".mp4"), "\(stored) has lost its ending")
                try expectEqual(stored.digest, Digest.sha256(bytes))
                try expect(!FileManager.default.fileExists(atPath: source), "the file is still here")
                try await store.materialize(stored, at: copy)
                try expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == Data(bytes), "another content")
                let reader = try await store.reader(for: stored)
                try await store.remove(stored)
                try await store.remove(stored)
                if index == 0 { try expectEqual(try await reader?.read(offset: 1, maximumCount: 9), [8, 9]) }
                try expect(try await !bench.isThere(stored), "a removed file is there")
            }
            try await bench.expectFiles(0)
        },
        BlobConformance("what is not there cannot be materialised, and what lies at the path stays") { bench in
            let path = bench.folder + "/there"
            try await expectStoreError(.unavailable) {
                try await bench.store.materialize(BlobKey(rawValue: "content/none"), at: path)
            }
            try expect(!FileManager.default.fileExists(atPath: path), "something was written")
            try Data([1]).write(to: URL(fileURLWithPath: path))
            let key = try await bench.write([2])
            try await expectStoreError { try await bench.store.materialize(key, at: path) }
            try expectEqual(try Data(contentsOf: URL(fileURLWithPath: path)), Data([1]))
        },
    ]
}
