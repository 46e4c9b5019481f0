import Foundation
import Subprocess
import Text

/// A service that speaks S3's protocol, of this process's own: `Tests/Support/S3Service/s3-service`. It ends with the tests.
package final class S3Service: Sendable {
    /// The service did not start, or did not do what it was told.
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// Scheme, host and port.
    package let endpoint: String
    // Its standard input: closed with this process, whereupon it ends.
    private let process: Subprocess

    /// The one that all tests of a run share; each has a bucket of its own.
    package static let shared = Result { try S3Service() }

    private init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        process = try Subprocess(
            root + "/.third-party-clients/bin/python", ["-B", root + "/Tests/Support/S3Service/s3-service"],
            input: .pipe, output: .pipe)
        let line = String(decoding: process.output?.availableData ?? Data(), as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Failed(description: "the S3 service did not start: run `scripts/setup --with-s3`")
        }
        endpoint = "http://127.0.0.1:\(port)"
    }
}
