import Blobs
import Foundation
import Generations

/// Stores a file of 300 MB in a bucket, reads it again, then stores 64 small ones at once. Prints how much more memory it
/// needed than at its start, in bytes: while it wrote, and in all.
@main
struct BlobMover {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 2 else { fatalError("usage: BlobMover <s3 address>") }
        var configuration = S3Configuration(address: try S3Address(parsing: arguments[1]), installation: "one")
        configuration.simultaneousTransfers = 4
        let store = try await S3BlobStore.open(configuration)
        let block = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let before = residentBytes()
        var most = before
        let writer = try await store.makeWriter()
        for _ in 0..<300 {
            try await writer.write(block)
            most = max(most, residentBytes())
        }
        let key = try await writer.finish(as: nil).key
        let mostWriting = most
        guard let reader = try await store.reader(for: key) else { fatalError("it is gone") }
        for offset in stride(from: Int64(0), to: 300_000_000, by: 1_000_000) {
            guard try await reader.read(offset: offset, maximumCount: 1_000_000) == block else { fatalError("changed") }
            most = max(most, residentBytes())
        }
        try await withThrowingTaskGroup { group in
            for index in 0..<64 {
                group.addTask {
                    let writer = try await store.makeWriter()
                    try await writer.write([UInt8(index)])
                    _ = try await writer.finish(as: nil)
                }
            }
            try await group.waitForAll()
        }
        print(mostWriting - before, most - before)
    }

    private static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
    }
}
