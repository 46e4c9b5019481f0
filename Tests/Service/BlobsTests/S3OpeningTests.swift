import Blobs
import Foundation
import Generations
import S3Harness
import Synchronization
import Testing
import Text

/// What a bucket is looked at for before it is used, and what is said where something is wrong.
struct S3OpeningTests {
    private func problem(_ configuration: S3Configuration) async -> S3Problem? {
        await #expect(throws: S3Problem.self) { try await S3BlobStore.open(configuration) }
    }

    @Test func unreachable() async throws {
        var configuration = S3Configuration(
            address: try S3Address(parsing: "s3://films?endpoint=http://127.0.0.1:9"), installation: "one")
        configuration.credentials = S3Credentials(accessKeyID: "a", secretAccessKey: "hidden")
        configuration.retries.maximumAttempts = 2
        let error = await problem(configuration)
        #expect(error?.code == .unreachable)
        #expect(error?.sentence.contains("http://127.0.0.1:9 does not answer") == true)
    }

    @Test func missing() async throws {
        let bucket = try await S3Bucket()
        var configuration = try bucket.configuration()
        configuration.address = try S3Address(parsing: "s3://no-such-bucket?endpoint=\(bucket.service.endpoint)")
        let error = await problem(configuration)
        #expect(error?.code == .bucketMissing)
        #expect(error?.sentence.contains("\"no-such-bucket\"") == true)
    }

    @Test func denied() async throws {
        let bucket = try await S3Bucket(["denied": true])
        #expect(await problem(try bucket.configuration())?.code == .accessDenied)
        let other = try await S3Bucket()
        for credentials in [
            S3Credentials(accessKeyID: "nobody", secretAccessKey: "test-secret"),
            S3Credentials(accessKeyID: "test-key", secretAccessKey: "hidden"),
        ] {
            let error = await problem(try other.configuration { $0.credentials = credentials })
            #expect(error?.code == .accessDenied)
            #expect(error?.description.contains("hidden") == false)
        }
    }

    @Test func failing() async throws {
        let bucket = try await S3Bucket(["faults": 1])
        let error = await problem(try bucket.configuration { $0.retries.maximumAttempts = 2 })
        #expect(error?.code == .unreachable)
    }

    /// Two installations on one place are refused; two servers of one installation, and two places in one bucket are not.
    @Test func installations() async throws {
        let bucket = try await S3Bucket()
        _ = try await S3BlobStore.open(try bucket.configuration(installation: "one"))
        _ = try await S3BlobStore.open(try bucket.configuration(installation: "one"))
        _ = try await S3BlobStore.open(try bucket.configuration("elsewhere", installation: "two"))
        let error = await problem(try bucket.configuration(installation: "two"))
        #expect(error?.code == .inUse)
        #expect(error?.sentence.contains("kept/here/lipsmith-installation.json") == true)
    }

    /// Of many that begin at once, one gets the place.
    @Test func race() async throws {
        let bucket = try await S3Bucket()
        let opened = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<8 {
                let configuration = try bucket.configuration(installation: "\(index)")
                group.addTask { (try? await S3BlobStore.open(configuration)) != nil }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(opened == 1)
    }

    /// The right region is taken from the refusal, told once, and kept.
    @Test func region() async throws {
        let bucket = try await S3Bucket(["region": "eu-west-3"])
        let notices = Notices()
        let store = try await S3BlobStore.open(try bucket.configuration { $0.notice = notices.add })
        #expect(try await store.facts(of: .content(digest: [1])) == nil)
        #expect(notices.all == ["s3_region_corrected: The bucket lies in the region eu-west-3."])
    }

    /// A clock that is wrong by ten or by twenty minutes, on either side: S3 bears the first and refuses the second, which is
    /// put right from its answer. Addresses for clients are good, too.
    @Test(arguments: [600, -600, 1200, -1200])
    func clock(_ lead: Int) async throws {
        let bucket = try await S3Bucket(["advance": .integer(Int64(lead))])
        let notices = Notices()
        let store = try await S3BlobStore.open(try bucket.configuration { $0.notice = notices.add })
        let writer = try await store.makeWriter()
        try await writer.write([1, 2, 3])
        let key = try await writer.finish(as: nil).key
        #expect(try await store.remove(key, ifOlderThan: .seconds(60)) == false)
        #expect(try await store.reader(for: key)?.read(offset: 0, maximumCount: 9) == [1, 2, 3])
        #expect(notices.all.count == (abs(lead) > 900 ? 1 : 0))
        if abs(lead) > 900 {
            let side = lead > 0 ? "behind" : "ahead of"
            #expect(notices.all.first?.hasSuffix(" s \(side) S3's.") == true, "\(notices.all)")
        }
    }
}

/// What a store has told.
final class Notices: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    @Sendable func add(_ notice: S3Notice) { texts.withLock { $0.append(notice.description) } }
}
