import Testing
import Text

struct EncodingTests {
    /// Base64 of RFC 4648, both ways; texts that say nothing are refused.
    @Test func base64() {
        for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            #expect(Base64.encode(Array(plain.utf8)) == text)
            #expect(Base64.decode(text) == Array(plain.utf8))
        }
        #expect(Base64.encodeForURL([251, 255]) == "-_8")
        #expect(Base64.decode("Zh==") == nil)
        #expect(Base64.decode("a") == nil)
        #expect(Base64.decode("a$aa") == nil)
    }

    /// Hexadecimal digits both ways, of either case; anything else says nothing.
    @Test func hexadecimal() {
        #expect(Hexadecimal.encode([0, 0x1F, 0xA9]) == "001fa9")
        #expect(Hexadecimal.decode("001Fa9") == [0, 0x1F, 0xA9])
        for wrong in ["0", "0g", "/0", ":0", "@0", "`0", "+1"] { #expect(Hexadecimal.decode(wrong) == nil) }
    }
}
