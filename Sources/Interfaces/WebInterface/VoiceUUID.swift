public import Generations
import Text

extension Voice {
    /// A UUID for interfaces that need one: made of the voice's own name, so that it is the same for ever.
    public var uuid: String {
        var bytes = Array(Digest.sha256("lipsmith voice \(id)".utf8).prefix(16))
        // Version 8 of RFC 9562: a form of the maker's own.
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Hexadecimal.encode(bytes)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
