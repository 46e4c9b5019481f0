/// What an installation offers and how strict it is.
public struct ValidationRules: Sendable {
    /// Something that needs a part which an installation may lack.
    public enum Feature: String, Sendable, CaseIterable {
        /// Text inputs.
        case speech
        /// Translation.
        case dubbing
        /// Pictures in place of videos.
        case pictures
        /// Feelings, and changing more than the mouth.
        case emotions
    }

    /// The models.
    public var models = ModelCatalog.standard
    /// What the installation can do.
    public var features: Set<Feature> = Set(Feature.allCases)
    /// Whether sound or text beside a translation is an error; otherwise it is ignored.
    public var refusesVoiceBesideDub = false
    /// Whether webhooks may go out unencrypted.
    public var allowsPlainWebhooks = true
    /// The names that a text's provider may have.
    public var speechProviders: Set<String> = ["elevenlabs"]
    /// The longest script in characters.
    public var scriptLimit = 5000
    /// The longest address in bytes.
    public var addressLimit = 8192
    /// The most inputs.
    public var inputLimit = 100
    /// The most segments.
    public var segmentLimit = 500
    /// The most of the client's own names.
    public var metadataCountLimit = 50
    /// The longest of the client's own names, in characters.
    public var metadataNameLimit = 64
    /// The longest of the client's own values, in characters.
    public var metadataValueLimit = 1024

    /// The contract's recommended choices.
    public init() {}
}

/// The codes of the languages that translation knows.
public enum DubLanguages {
    /// All 93.
    public static let codes: Set<String> = Set(
        """
        en gu no sl pa ta az gl is sw my fi el he lt ms sv fr ca hr lv ro sd th tn pl ceb da hu mr tl ug wo zu zh hi \
        as ha kk ki rn ky st te war ak be cs ka mn bo ts ar ss nl tr af bs et rw ne ko it es sq eu kn sk su ve pt am \
        hy doi de jv mk ja vi cy nso uk bg id lg yo ml fa tg ur uz ru fil
        """.split(separator: " ").map(String.init))
}

/// The name of an output, made safe for every file system.
public enum OutputFileName {
    /// The longest name taken, in characters.
    public static let limit = 255

    /// Keeps ASCII letters, digits, underscores and hyphens, turns spaces into underscores, drops the rest; nil where
    /// nothing is left.
    public static func sanitized(_ name: String) -> String? {
        var kept: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: kept.append(byte)
            case 0x20: kept.append(0x5F)
            default: break
            }
        }
        return kept.isEmpty ? nil : String(decoding: kept, as: UTF8.self)
    }
}

/// What can be told of an address by looking at it. Whether it may be called is for who calls it.
public enum WebAddress {
    /// Whether `text` is an address of one of `schemes` that can be called.
    public static func isWellFormed(_ text: String, schemes: Set<String> = ["http", "https"], limit: Int = 8192) -> Bool
    {
        problem(in: text, schemes: schemes, limit: limit) == nil
    }

    /// What keeps `text` from being an address of one of `schemes`, as the rest of a sentence about it; nil for nothing.
    ///
    /// Blanks and letters beyond ASCII may stand behind the host, and such letters in the host: whoever calls the address
    /// encodes them.
    public static func problem(
        in text: String, schemes: Set<String> = ["http", "https"], limit: Int = 8192
    ) -> String? {
        let words = schemes.contains("http") ? "an http or https" : "an https"
        guard text.utf8.count <= limit else { return "must not be longer than \(limit) bytes." }
        if let control = text.unicodeScalars.first(where: { $0.properties.generalCategory == .control }) {
            let number = String(control.value, radix: 16, uppercase: true)
            return "must not hold the control character U+\(String(repeating: "0", count: 4 - number.count))\(number)."
        }
        guard text.first?.isWhitespace != true, text.last?.isWhitespace != true else {
            return "must not begin or end with a blank."
        }
        guard let mark = text.firstRange(of: "://"), schemes.contains(text[..<mark.lowerBound].lowercased()) else {
            return "must be \(words) address."
        }
        let authority = authority(text[mark.upperBound...])
        if authority.contains(where: \.isWhitespace) { return "must not have a blank in its host name." }
        return isHost(authority) ? nil : "must be \(words) address with a host name."
    }

    /// The host of a well-formed address, in lower case and without a port.
    public static func host(of address: String) -> String {
        guard let mark = address.firstRange(of: "://") else { return "" }
        let host = withoutUser(authority(address[mark.upperBound...]))
        if host.hasPrefix("[") { return host.prefix { $0 != "]" }.dropFirst().lowercased() }
        return host.prefix { $0 != ":" }.lowercased()
    }

    private static func authority(_ text: Substring) -> Substring {
        text.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
    }

    private static func withoutUser(_ authority: Substring) -> Substring {
        authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    }

    private static func isHost(_ authority: Substring) -> Bool {
        let host = withoutUser(authority)
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            return isPort(host[host.index(after: end)...]) && host.index(after: host.startIndex) < end
        }
        let name = host.prefix { $0 != ":" }
        return !name.isEmpty && isPort(host[name.endIndex...])
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard let first = text.first else { return true }
        guard first == ":" else { return false }
        return text.count == 1 || UInt16(text.dropFirst()) != nil
    }
}
