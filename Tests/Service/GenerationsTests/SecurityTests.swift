import Generations
import StoreConformance
import Testing
import Text
import Time

struct SecurityTests {
    /// FIPS 180-2's first example, and the second test case of RFC 4231.
    @Test func publishedVectors() {
        #expect(
            Hexadecimal.encode(Digest.sha256("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hexadecimal.encode(Digest.hmacSHA256(key: "Jefe".utf8, message: "what do ya want for nothing?".utf8))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let stream = DigestStream()
        stream.update(Array("a".utf8))
        stream.update(Array("bc".utf8))
        #expect(stream.finish() == Digest.sha256("abc".utf8))
        #expect(stream.finish() == Digest.sha256([]))
    }

    /// The signature is over the exact bytes, keyed with the whole secret; checked against an independent program.
    @Test func webhookSignature() {
        let signing = WebhookSigning(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let moment = Timestamp(milliseconds: 1_614_265_330_999)
        let body = Array(#"{"test": 2432232314}"#.utf8)
        // The example of the Standard Webhooks specification.
        #expect(
            signing.standardSignature(
                deliveryID: DeliveryID(rawValue: "msg_p5jXN8AQM9LWM0D4loKWxJek"), body: body, sentAt: moment)
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(
            signing.syncSignature(body: body, sentAt: moment)
                == "t=1614265330,v1=2e37df5d4a028c51a7f3133d64ae1e300d2c2c900f1b1d49d4369ad2530f8964")
        let names = signing.headers(deliveryID: DeliveryID(), body: body, sentAt: moment, isBatch: true).map(\.name)
        #expect(
            names == [
                "Sync-Signature", "webhook-id", "webhook-timestamp", "webhook-signature", "X-Signature-Primary",
            ])
    }

    /// A token opens its own subject until its time, and nothing else.
    @Test func downloadTokens() {
        let signer = DownloadTokenSigner(secret: Array(repeating: 7, count: 32))
        let now = Samples.start
        let token = signer.token(for: "generation/1", expiry: now.advanced(by: .seconds(10)))
        #expect(signer.isValid(token, for: "generation/1", now: now))
        #expect(!signer.isValid(token, for: "generation/2", now: now))
        #expect(!signer.isValid(token, for: "generation/1", now: now.advanced(by: .seconds(10))))
        #expect(signer.isValid(signer.token(for: "x", expiry: nil), for: "x", now: now.advanced(by: .seconds(1 << 40))))
        #expect(
            !DownloadTokenSigner(secret: Array(repeating: 8, count: 32)).isValid(token, for: "generation/1", now: now))
        for wrong in ["", ".", "0.", "+\(token)", token + "A", "9\(token)", String(token.dropLast()), "a.b", "1.2.3"] {
            #expect(!signer.isValid(wrong, for: "generation/1", now: now), "\(wrong)")
        }
    }

    /// Keys and identifiers have the promised forms.
    @Test func forms() throws {
        let (key, secret) = APIKey.issue(name: "n", organisation: OrganisationID(), now: Samples.start)
        #expect(secret.hasPrefix("sk-"))
        #expect(secret.count == 46)
        #expect(key.digest == APIKey.digest(of: secret))
        #expect(!key.digest.contains(secret))
        let id = GenerationID()
        #expect(GenerationID(parsing: id.rawValue.uppercased()) == id)
        #expect(id.rawValue.dropFirst(14).first == "4")
        #expect(GenerationID(parsing: "x") == nil)
        #expect(GenerationID(parsing: String(repeating: "0", count: 36)) == nil)
        for wrong in [[], [""], ["a", "a"], ["a b"], ["ü"], [String(repeating: "a", count: 129)]] {
            #expect(throws: GenerationError.self) { try IdempotencyKey(headerValues: wrong) }
        }
        #expect(try IdempotencyKey(headerValues: ["aZ09._~-"]).text == "aZ09._~-")
    }
}
