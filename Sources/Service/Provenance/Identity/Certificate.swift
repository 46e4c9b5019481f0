import CCrypto
import Time

/// An X.509 certificate (RFC 5280) of a signer or of an authority, and what of it decides whether it may sign.
final class Certificate: @unchecked Sendable {
    // Never changed after it was made.
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { X509_free(handle) }

    /// The certificates of a text in PEM, in their order.
    static func chain(pem: String) -> [Certificate] {
        PEMText.reading(pem) { memory in
            var chain: [Certificate] = []
            while let certificate = PEM_read_bio_X509(memory, nil, nil, nil) { chain.append(Certificate(certificate)) }
            // The end of the text is an error to OpenSSL.
            ERR_clear_error()
            return chain
        } ?? []
    }

    func pem() throws(CredentialError) -> String { try PEMText.writing { PEM_write_bio_X509($0, handle) } }

    /// From when and until when it is good, in seconds since 1970.
    var validity: ClosedRange<Int64> {
        let (begin, end) = (Self.seconds(X509_get0_notBefore(handle)), Self.seconds(X509_get0_notAfter(handle)))
        return begin...max(begin, end)
    }

    /// Whether it may sign content (digital signature) and nobody says that it may not.
    var maySign: Bool { X509_get_key_usage(handle) & UInt32(KU_DIGITAL_SIGNATURE) != 0 }

    /// Whether another certificate's key has signed it.
    func isSigned(by issuer: Certificate) -> Bool {
        X509_check_issued(issuer.handle, handle) == X509_V_OK
            && X509_verify(handle, X509_get0_pubkey(issuer.handle)) == 1
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        guard let epoch = ASN1_TIME_set(nil, 0) else { return 0 }
        defer { ASN1_TIME_free(epoch) }
        var (days, seconds): (Int32, Int32) = (0, 0)
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return 0 }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    /// What a new certificate says.
    struct Request {
        var organisation: String
        var name: String
        /// Seconds since 1970.
        var validity: ClosedRange<Int64>
        /// Extensions by OpenSSL's numbers, with their values in the syntax of its configuration.
        var extensions: [(number: Int32, value: String)]
    }

    /// Makes a certificate about a key.
    ///
    /// - Parameter issuer: The certificate and the key of who signs it; `nil` for the key itself.
    static func make(
        _ request: Request, about key: SigningKey, issuer: (certificate: Certificate, key: SigningKey)?
    ) throws(CredentialError) -> Certificate {
        guard let made = X509_new() else { throw SigningKey.failure("make a certificate") }
        let certificate = Certificate(made)
        let name = X509_get_subject_name(made)
        guard X509_set_version(made, 2) == 1, setSerial(made),
            ASN1_TIME_set(X509_getm_notBefore(made), Int(request.validity.lowerBound)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(made), Int(request.validity.upperBound)) != nil,
            add(request.organisation, "O", to: name), add(request.name, "CN", to: name),
            X509_set_issuer_name(made, issuer.map { X509_get_subject_name($0.certificate.handle) } ?? name) == 1,
            X509_set_pubkey(made, key.handle) == 1
        else { throw SigningKey.failure("make a certificate") }
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer?.certificate.handle ?? made, made, nil, nil, 0)
        for (number, value) in request.extensions {
            guard let part = X509V3_EXT_conf_nid(nil, &context, number, value) else {
                throw SigningKey.failure("extension \(number)")
            }
            defer { X509_EXTENSION_free(part) }
            guard X509_add_ext(made, part, -1) == 1 else { throw SigningKey.failure("extension \(number)") }
        }
        guard X509_sign(made, (issuer?.key ?? key).handle, EVP_sha256()) > 0 else {
            throw SigningKey.failure("sign a certificate")
        }
        return certificate
    }

    private static func add(_ text: String, _ field: String, to name: OpaquePointer?) -> Bool {
        let bytes = Array(text.utf8)
        return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0) == 1
    }

    /// 127 random bits: a positive number of at most 16 bytes.
    private static func setSerial(_ certificate: OpaquePointer) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&bytes, 16) == 1 else { return false }
        bytes[0] = bytes[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(bytes, 16, nil) else { return false }
        defer { BN_free(number) }
        return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
    }
}
