import Foundation
import HTTP
import Testing

/// Content that lies elsewhere is answered like a file: whole, in ranges, under conditions.
struct FetchedContentTests {
    private let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    private func run(_ body: @Sendable (TestServer) async throws -> Void) async throws {
        let bytes = bytes
        try await TestServer.run(
            routes: { router in
                router.on(.get, "/content") { request in
                    try HTTPResponse.fetched(
                        size: Int64(bytes.count), modifiedSeconds: 1_000_000_000, contentType: "video/mp4",
                        entityTag: "\"tag\"", headers: ["X-More": "more"], for: request
                    ) { range, writer in
                        for start in stride(from: Int(range.lowerBound), to: Int(range.upperBound), by: 100_000) {
                            try await writer.write(Array(bytes[start..<min(start + 100_000, Int(range.upperBound))]))
                        }
                    }
                }
            }, body)
    }

    @Test func whole() async throws {
        let bytes = bytes
        try await run { server in
            let answer = try await server.client().send(HTTPClientRequest(.get, server.url("/content")))
            #expect(answer.status == .ok)
            #expect(answer.bytes == bytes)
            #expect(answer.headers["Content-Length"] == "300000")
            #expect(answer.headers["Content-Type"] == "video/mp4")
            #expect(answer.headers["X-More"] == "more")
            let head = try await server.client().send(HTTPClientRequest(.head, server.url("/content")))
            #expect(head.headers["Content-Length"] == "300000")
            #expect(head.bytes.isEmpty)
        }
    }

    @Test func ranges() async throws {
        let bytes = bytes
        try await run { server in
            for (field, range) in [("100-199", 100..<200), ("299990-", 299_990..<300_000), ("-5", 299_995..<300_000)] {
                let answer = try await server.client().send(
                    HTTPClientRequest(.get, server.url("/content"), headers: ["Range": "bytes=\(field)"]))
                #expect(answer.status == .partialContent, "\(field)")
                #expect(answer.bytes == Array(bytes[range]), "\(field)")
                let expected = "bytes \(range.lowerBound)-\(range.upperBound - 1)/300000"
                #expect(answer.headers["Content-Range"] == expected)
            }
            let outside = try await server.client().send(
                HTTPClientRequest(.get, server.url("/content"), headers: ["Range": "bytes=300000-"]))
            #expect(outside.status == .rangeNotSatisfiable)
        }
    }

    @Test func known() async throws {
        try await run { server in
            let answer = try await server.client().send(
                HTTPClientRequest(.get, server.url("/content"), headers: ["If-None-Match": "\"tag\""]))
            #expect(answer.status == .notModified)
            #expect(answer.bytes.isEmpty)
        }
    }
}
