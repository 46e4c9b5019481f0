import Blobs
import Foundation
import Generations
import Testing
import Time

/// Goal: signatures are those of Amazon's documents ("Signature Calculations for the Authorization Header", "Authenticating
/// Requests: Using Query Parameters"), whose examples these are.
struct S3SignatureTests {
    private let signature = S3Signature(
        credentials: S3Credentials(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1", moment: Timestamp(iso8601: "2013-05-24T00:00:00Z")!)

    private func signed(
        _ method: String, _ path: String, _ query: [(name: String, value: String)] = [],
        _ fields: [(name: String, value: String)] = [], body: String = ""
    ) -> String {
        let target = S3Signature.Target(
            method: method, host: "examplebucket.s3.amazonaws.com", path: path, query: query)
        let all = signature.fields(for: target, fields, payload: Digest.sha256(body.utf8))
        return all.first { $0.name == "Authorization" }?.value.components(separatedBy: "Signature=").last ?? ""
    }

    @Test func requests() {
        #expect(
            signed("GET", "/test.txt", [], [("Range", "bytes=0-9")])
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            signed(
                "PUT", "/test$file.text", [],
                [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                body: "Welcome to Amazon S3.") == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    /// One name without a value, and two that are not in their order.
    @Test func queries() {
        #expect(
            signed("GET", "/", [("lifecycle", "")])
                == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        #expect(
            signed("GET", "/", [("prefix", "J"), ("max-keys", "2")])
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test func address() {
        let target = S3Signature.Target(method: "GET", host: "examplebucket.s3.amazonaws.com", path: "/test.txt")
        #expect(
            signature.query(for: target, seconds: 86_400)
                == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }
}
