import Blobs
import Foundation
import Generations
import Queues
import S3Harness
import Subprocess
import Testing
import Text

/// Much data, and addresses for clients.
struct S3TransferTests {
    /// Goal: 300 MB arrive and are read again with a few parts in memory, by few requests, and all requests share a few
    /// connections. Method: a process of its own, since other tests need memory and sockets, too.
    @Test func muchData() async throws {
        let bucket = try await S3Bucket()
        let process = try Subprocess(
            Self.moverURL().path, ["s3://\(bucket.name)/kept/here?endpoint=\(bucket.service.endpoint)"],
            environment: ["AWS_ACCESS_KEY_ID": "test-key", "AWS_SECRET_ACCESS_KEY": "test-secret"], output: .pipe)
        let text = await BlockingWork.run { process.readOutput() }
        let figures = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(figures.count == 2)
        #expect(figures[1] < 64 << 20, "\(figures.map { $0 >> 20 }) MiB")
        // A read-ahead of 4 MiB, while a million bytes are asked for at once.
        let counts = try await bucket.state().counts
        #expect(counts["GET", default: 0] < 100, "\(counts)")
        // Four transfers at once need four connections; a few more were opened while others were being closed.
        #expect(counts["connections", default: .max] <= 8, "\(counts)")
    }

    /// The program lies beside the test bundle.
    private static func moverURL() throws -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            folder = URL(filePath: argument).deletingLastPathComponent()
        }
        let url = folder.appending(path: "BlobMover")
        try #require(FileManager.default.isExecutableFile(atPath: url.path))
        return url
    }

    /// An address serves whoever has it, by any client, until its time is over, and says what the file is.
    @Test func addresses() async throws {
        let bucket = try await S3Bucket()
        let store = try await S3BlobStore.open(try bucket.configuration { $0.linkValidity = .seconds(60) })
        let writer = try await store.makeWriter()
        try await writer.write(Array("hello".utf8))
        let key = try await writer.finish(as: nil).key
        let presentation = BlobPresentation(contentType: "video/mp4", downloadName: "a b.mp4")
        guard case .address(let url) = try await store.location(of: key, for: presentation) else {
            Issue.record("no address")
            return
        }
        func curl() throws -> String {
            try Subprocess("curl", ["--silent", "--include", url], output: .pipe).readOutput()
        }
        let answer = try curl()
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(answer.hasSuffix("\r\n\r\nhello"))
        #expect(answer.lowercased().contains("content-type: video/mp4"))
        #expect(answer.contains("attachment; filename=\"a b.mp4\""))
        try await bucket.control(["advance": 61])
        #expect(try curl().hasPrefix("HTTP/1.1 403"))
        #expect(try await store.location(of: .content(digest: [1]), for: presentation) == nil)
        let proxied = try await S3BlobStore.open(try bucket.configuration { $0.downloads = .proxy })
        #expect(try await proxied.location(of: key, for: presentation) == .reader)
    }
}
