import CCrypto

/// Texts in PEM that OpenSSL reads and writes.
enum PEMText {
    /// What `read` makes of a text.
    static func reading<Value>(_ text: String, _ read: (OpaquePointer) -> Value?) -> Value? {
        // The reader's memory is the text's, which has to stay where it is meanwhile.
        Array(text.utf8).withUnsafeBytes { bytes in
            guard let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
            defer { BIO_free(memory) }
            return read(memory)
        }
    }

    /// The text that `write` writes; it gives 1 unless it failed.
    static func writing(_ write: (OpaquePointer) -> Int32) throws(CredentialError) -> String {
        guard let memory = BIO_new(BIO_s_mem()) else { throw SigningKey.failure("write") }
        defer { BIO_free(memory) }
        guard write(memory) == 1 else { throw SigningKey.failure("write") }
        var text: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while case let count = BIO_read(memory, &block, Int32(block.count)), count > 0 { text += block[..<Int(count)] }
        return String(decoding: text, as: UTF8.self)
    }
}
