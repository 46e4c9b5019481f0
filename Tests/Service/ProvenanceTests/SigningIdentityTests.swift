import Foundation
import Provenance
import TestSupport
import Testing
import Time

@Suite("Identities that sign")
struct SigningIdentityTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let structure: [UInt8] = [0x84, 0x6A] + Array("Signature1".utf8) + [0x40, 0x40, 0x40]

    private static func moment(_ days: Int64) -> Timestamp { now.advanced(by: .seconds(days * 86_400)) }

    @Test("Of processes that make the first key at the same moment one does, and all have it; nobody else may read it")
    func firstKey() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path("new")
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try IdentityFile.text(in: place, now: Self.now) } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts.count == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: place)
        #expect(names == [IdentityFile.name])
        let rights = try FileManager.default.attributesOfItem(atPath: "\(place)/\(names[0])")[.posixPermissions]
        #expect(rights as? Int == 0o600)
    }

    @Test("A folder that cannot be written to is told in a sentence")
    func readOnlyFolder() throws {
        let error = #expect(throws: CredentialError.self) {
            try IdentityFile.text(in: "/proc/nowhere", now: Self.now)
        }
        #expect(error?.kind == .identityUnusable)
        #expect(error?.suggestion.contains("--credentials off") == true)
    }

    @Test(
        "A damaged text is refused", arguments: ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func damaged(text: String) {
        #expect(throws: CredentialError.self) {
            try SigningIdentity(installationText: text, now: Self.now)
        }
    }

    @Test("Certificates are made anew before they run out, and never before their authority began")
    func renewal() throws {
        let text = try SigningIdentity.makeInstallationText(now: Self.now)
        let identity = try SigningIdentity(installationText: text, now: Self.now)
        let first = try identity.certificates(now: Self.now)
        #expect(try identity.certificates(now: Self.moment(3000)) == first)
        let renewed = try identity.certificates(now: Self.moment(3630))
        #expect(renewed != first)
        #expect(renewed.hasSuffix(identity.anchors))
        #expect(throws: CredentialError.self) { try identity.certificates(now: Self.moment(-30)) }
        let early = #expect(throws: CredentialError.self) {
            try SigningIdentity(installationText: text, now: Self.moment(-30))
        }
        #expect(early?.kind == .identityOutOfDate)
        #expect(early?.suggestion == "Set the clock.")
    }

    @Test("OpenSSL takes the chain, for the purpose that C2PA asks for")
    func chain() throws {
        let folder = try TemporaryFolder()
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let identity = try SigningIdentity(
            installationText: try SigningIdentity.makeInstallationText(now: now), now: now)
        try identity.certificates(now: now).write(toFile: folder.path("chain.pem"), atomically: true, encoding: .utf8)
        try identity.anchors.write(toFile: folder.path("anchor.pem"), atomically: true, encoding: .utf8)
        let checked = try Program.succeed(
            "openssl",
            [
                "verify", "-x509_strict", "-purpose", "smimesign", "-CAfile", folder.path("anchor.pem"),
                folder.path("chain.pem"),
            ])
        #expect(checked.hasSuffix("OK\n"))
    }

    @Test("Only what COSE lays before a signer is signed")
    func onlyManifests() throws {
        let identity = try SigningIdentity(
            installationText: try SigningIdentity.makeInstallationText(now: Self.now), now: Self.now)
        #expect(try identity.sign(Self.structure)?.count == 64)
        #expect(try identity.sign(Array("a certificate of somebody else".utf8)) == nil)
    }

    // MARK: The operator's own

    /// Makes a key and a chain by OpenSSL's program.
    private static func operatorIdentity(
        _ folder: TemporaryFolder, key: [String], usage: String = "digitalSignature"
    ) throws -> SigningIdentity.Settings {
        try Program.succeed("openssl", ["genpkey"] + key + ["-out", folder.path("key.pem")])
        try Program.succeed(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder.path("ca-key.pem"), "-subj",
                "/CN=Studio root", "-days", "3650", "-out", folder.path("ca.pem"),
            ])
        try Program.succeed(
            "openssl",
            ["req", "-new", "-key", folder.path("key.pem"), "-subj", "/CN=Studio", "-out", folder.path("request.pem")])
        try "keyUsage=critical,\(usage)\nextendedKeyUsage=emailProtection\n".write(
            toFile: folder.path("extensions"), atomically: true, encoding: .utf8)
        try Program.succeed(
            "openssl",
            [
                "x509", "-req", "-in", folder.path("request.pem"), "-CA", folder.path("ca.pem"), "-CAkey",
                folder.path("ca-key.pem"), "-CAcreateserial", "-days", "20", "-extfile", folder.path("extensions"),
                "-out", folder.path("signer.pem"),
            ])
        let chain = try ["signer.pem", "ca.pem"].map { try String(contentsOfFile: folder.path($0), encoding: .utf8) }
        try chain.joined().write(toFile: folder.path("chain.pem"), atomically: true, encoding: .utf8)
        return SigningIdentity.Settings(key: folder.path("key.pem"), chainPath: folder.path("chain.pem"))
    }

    private static func open(_ settings: SigningIdentity.Settings, days: Int64 = 0) throws -> SigningIdentity {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return try SigningIdentity(
            key: settings.key ?? "", settings: settings, now: now.advanced(by: .seconds(days * 86_400 + 60))
        ) { try? String(contentsOfFile: $0, encoding: .utf8) }
    }

    @Test(
        "Keys of the kinds that C2PA allows are taken",
        arguments: [
            (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], SigningAlgorithm.es256, 64),
            (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], .es384, 96),
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], .ps256, 256),
            (["-algorithm", "ED25519"], .ed25519, 64),
        ])
    func operatorKeys(key: [String], algorithm: SigningAlgorithm, signatureBytes: Int) throws {
        let folder = try TemporaryFolder()
        let identity = try Self.open(try Self.operatorIdentity(folder, key: key))
        #expect(identity.algorithm == algorithm)
        #expect(try identity.sign(Self.structure)?.count == signatureBytes)
        let left = identity.daysLeft(now: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
        #expect(left.map((19...20).contains) == true)
    }

    @Test("Keys and chains that do not fit are refused, each in a sentence of its own")
    func misfits() throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        let right = try Self.operatorIdentity(folder, key: curve)
        var sentences: Set<String> = []
        func refused(_ settings: SigningIdentity.Settings, days: Int64 = 0) {
            let error = #expect(throws: CredentialError.self) { try Self.open(settings, days: days) }
            if let error { sentences.insert(error.message) }
        }
        var wrong = right
        wrong.chainPath = nil
        refused(wrong)
        wrong.chainPath = folder.path("missing.pem")
        refused(wrong)
        wrong.chainPath = folder.path("ca.pem")
        refused(wrong)
        wrong = right
        wrong.key = folder.path("chain.pem")
        refused(wrong)
        refused(right, days: 30)
        refused(right, days: -2)
        refused(try Self.operatorIdentity(other, key: curve, usage: "keyEncipherment"))
        refused(try Self.operatorIdentity(other, key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]))
        #expect(sentences.count == 8)
    }
}
