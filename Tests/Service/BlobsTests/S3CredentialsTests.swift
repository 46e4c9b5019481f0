import Blobs
import Foundation
import Generations
import S3Harness
import Synchronization
import Testing
import Text
import Time

struct S3CredentialsTests {
    /// A shared file as Amazon's tools write it, with comments, spaces and another profile's lines.
    private let file = """
        # keys
        [default]
        aws_access_key_id = A
        aws_secret_access_key=B=/+
        [ profile two ]
        [two]
        aws_access_key_id=C
        aws_secret_access_key=D
        aws_session_token = E
        [three]
        aws_access_key_id=F
        """

    @Test func sharedFile() {
        #expect(
            S3Credentials(sharedFile: file, profile: "default")
                == S3Credentials(accessKeyID: "A", secretAccessKey: "B=/+"))
        #expect(
            S3Credentials(sharedFile: file, profile: "two")
                == S3Credentials(accessKeyID: "C", secretAccessKey: "D", sessionToken: "E"))
        #expect(S3Credentials(sharedFile: file, profile: "three") == nil)
        #expect(S3Credentials(sharedFile: file, profile: "four") == nil)
    }

    @Test func environment() {
        let known = S3Credentials(environment: [
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_SESSION_TOKEN": "",
        ])
        #expect(known == S3Credentials(accessKeyID: "A", secretAccessKey: "B"))
        #expect(S3Credentials(environment: ["AWS_ACCESS_KEY_ID": "A"]) == nil)
    }

    @Test func metadata() {
        let text = #"""
            {"Code":"Success","AccessKeyId":"A","SecretAccessKey":"B","Token":"C","Expiration":"2026-11-30T12:00:00Z"}
            """#
        let known = S3Credentials(metadata: Array(text.utf8))
        #expect(known?.sessionToken == "C")
        #expect(known?.expiresAt == Timestamp(iso8601: "2026-11-30T12:00:00Z"))
        #expect(S3Credentials(metadata: Array("{}".utf8)) == nil)
    }

    /// Neither a log nor an error shows what opens the bucket.
    @Test func secrets() {
        let credentials = S3Credentials(accessKeyID: "A", secretAccessKey: "hidden", sessionToken: "hidden")
        #expect("\(credentials) \(String(reflecting: credentials))".contains("hidden") == false)
    }

    /// A bucket opens with what a file has, and with what a machine's metadata service tells.
    @Test func sources() async throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/credentials"
        try "[films]\naws_access_key_id=test-key\naws_secret_access_key=test-secret\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        let bucket = try await S3Bucket()
        let service = bucket.service.endpoint
        for environment in [
            ["AWS_SHARED_CREDENTIALS_FILE": path, "AWS_PROFILE": "films"],
            ["HOME": scratch.path],
        ] {
            let store = try await S3BlobStore.open(
                try bucket.configuration {
                    $0.credentials = nil
                    $0.environment = environment
                    $0.metadataURL = "\(service)/-\(bucket.name)"
                })
            #expect(try await store.facts(of: .content(digest: [1])) == nil)
        }
    }

    /// Credentials that end soon are asked for anew, once a while; those that have ended are not used, and one that the
    /// service refuses before its time is replaced.
    @Test func renewal() async throws {
        let bucket = try await S3Bucket()
        let clock = HandClock()
        let store = try await S3BlobStore.open(
            try bucket.configuration {
                $0.credentials = nil
                $0.environment = ["HOME": "/nowhere"]
                $0.metadataURL = "\(bucket.service.endpoint)/-\(bucket.name)"
                $0.clock = clock
            })
        func asked() async throws -> Int { try await bucket.state().counts["roles", default: 0] }
        func use() async throws { _ = try await store.facts(of: .content(digest: [1])) }
        for _ in 0..<5 { try await use() }
        #expect(try await asked() == 1)
        clock.advance(by: .seconds(3400))
        try await use()
        try await use()
        #expect(try await asked() == 2)
        try await bucket.control(["role": "another-token"])
        try await use()
        #expect(try await asked() == 3)
    }

    @Test func none() async throws {
        let bucket = try await S3Bucket()
        for environment in [
            ["AWS_EC2_METADATA_DISABLED": "true"],
            ["AWS_SHARED_CREDENTIALS_FILE": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true"],
            ["AWS_PROFILE": "other", "HOME": "/nowhere"],
        ] {
            let error = await #expect(throws: S3Problem.self) {
                try await S3BlobStore.open(
                    try bucket.configuration {
                        $0.credentials = nil
                        $0.environment = environment
                    })
            }
            #expect(error?.code == .credentialsMissing)
        }
    }
}

/// A time of day that a test moves on.
final class HandClock: WallClock {
    private let moment = Mutex(SystemClock().now)

    var now: Timestamp { moment.withLock { $0 } }

    func advance(by duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
}
