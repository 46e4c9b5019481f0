/// How PostgreSQL names types and writes values as text.
enum PostgresType {
    /// The number of `bytea`, as in the server's `pg_type` table.
    static let bytes: UInt32 = 17
    /// Those of `bigint`, `integer` and `double precision`.
    static let integer: UInt32 = 20
    static let shortInteger: UInt32 = 23
    static let real: UInt32 = 701

    /// The bytes of a `bytea` in its text form, `\x` and two hexadecimal digits for each.
    static func decodeBytes(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        func value(_ digit: UInt8) -> UInt8 { digit <= 0x39 ? digit - 0x30 : digit - 0x61 + 10 }
        return stride(from: 2, to: text.count - 1, by: 2).map { value(text[$0]) << 4 | value(text[$0 + 1]) }
    }
}
