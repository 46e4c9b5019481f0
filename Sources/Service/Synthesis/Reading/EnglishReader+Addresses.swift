/// Addresses of mail and of the web, and names of files.
extension EnglishReader {
    private static let addressMarks: Set<String> = ["@", ".", "-", "_", "/", ":", "?", "=", "&", "%", "~", "#", "+"]
    private static let domains: Set<String> = [
        "com", "org", "net", "edu", "gov", "io", "ai", "dev", "co", "uk", "de", "fr", "app", "info", "tv", "eu", "ca",
        "jp",
        "au", "biz", "xyz", "mil", "int", "tech", "online", "shop", "blog", "ch", "nl", "es", "ru", "cn", "br", "mx",
        "ly",
    ]
    private static let files: Set<String> = [
        "txt", "pdf", "jpg", "jpeg", "png", "gif", "mp3", "mp4", "wav", "mov", "avi", "mkv", "doc", "docx", "xls",
        "xlsx",
        "ppt", "pptx", "csv", "html", "htm", "css", "js", "ts", "py", "zip", "exe", "json", "xml", "md", "swift", "cpp",
        "h",
        "rs", "go", "sh", "yaml", "yml", "toml", "log", "svg", "webp", "rar", "tar", "gz", "dll", "bat", "ini", "sql",
        "java",
        "php", "rb", "bin", "iso", "epub", "psd", "flac", "ogg", "webm", "onnx", "dmg", "apk", "c", "net", "jsx", "tsx",
    ]
    private static let names = [
        ".": "dot", "@": "at", "-": "dash", "_": "underscore", "/": "slash", ":": "colon", "?": "question mark",
        "=": "equals", "&": "and", "%": "percent", "~": "tilde", "#": "hash", "+": "plus",
    ]
    /// Parts of addresses that are spelled although they have vowels.
    private static let spelledParts: Set<String> = [
        "io", "uk", "ai", "eu", "au", "us", "exe", "api", "ca", "edu", "faq", "url", "id", "es",
    ]
    private static let saidParts = [
        "jpg": "J peg", "jpeg": "J peg", "mp": "M.P", "docx": "doc X", "xlsx": "X.L.S.X", "pptx": "P.P.T.X",
        "json": "jason",
        "gif": "gif", "yml": "yammel", "yaml": "yammel", "ly": "L.Y", "gmail": "G mail", "webp": "web P",
        "epub": "E pub",
    ]

    /// The address that begins at `index`, if one does.
    func address(at index: Int) -> Reading? {
        guard
            index == 0 || kind(index - 1) == .space
                || kind(index - 1) == .mark && !Self.addressMarks.contains(text(index - 1) ?? ""),
            kind(index) == .word || kind(index) == .digits
        else { return nil }
        var end = index
        var hasDot = false
        var hasOther = false
        while end < tokens.count {
            let token = tokens[end]
            if token.kind == .space || token.kind == .mark && !Self.addressMarks.contains(token.text) { break }
            if token.text == "." { hasDot = true }
            if token.text == "@" || token.text == ":" { hasOther = true }
            end += 1
        }
        guard hasDot || hasOther else { return nil }
        while end > index, kind(end - 1) == .mark, text(end - 1) != "/" { end -= 1 }
        guard end > index + 1 else { return nil }
        return mail(index..<end) ?? web(index..<end) ?? file(index..<end)
    }

    private func mail(_ range: Range<Int>) -> Reading? {
        guard let at = range.first(where: { tokens[$0].text == "@" }), at > range.lowerBound else { return nil }
        let domain = (at + 1)..<range.upperBound
        guard kind(domain.lowerBound) == .word || kind(domain.lowerBound) == .digits,
            let last = domain.last, kind(last) == .word, text(last - 1) == ".",
            !domain.contains(where: { tokens[$0].text == "@" || tokens[$0].text == "/" })
        else { return nil }
        return Reading(words: spoken(range), next: range.upperBound)
    }

    private func web(_ range: Range<Int>) -> Reading? {
        var start = range.lowerBound
        var isCertain = false
        if let scheme = word(start), ["http", "https", "ftp"].contains(scheme.lowercased()), text(start + 1) == ":",
            text(start + 2) == "/", text(start + 3) == "/", start + 4 < range.upperBound
        {
            start += 4
            isCertain = true
        }
        if text(start)?.lowercased() == "www", text(start + 1) == ".", start + 2 < range.upperBound {
            start += 2
            isCertain = true
        }
        var end = start
        while end < range.upperBound, tokens[end].kind != .mark || ".-".contains(tokens[end].text) { end += 1 }
        guard isCertain || end > start + 2 && text(end - 2) == "." && Self.domains.contains(text(end - 1) ?? "") else {
            return nil
        }
        // `12.com` may be a name, but `3.14` is not.
        guard isCertain || (start..<end).contains(where: { kind($0) == .word && $0 < end - 1 }) else { return nil }
        var rest = start..<range.upperBound
        if rest.count > 1, text(rest.upperBound - 1) == "/" { rest = start..<(rest.upperBound - 1) }
        return Reading(words: spoken(rest), next: range.upperBound)
    }

    /// `report.pdf`
    private func file(_ range: Range<Int>) -> Reading? {
        var ending = range.upperBound - 1
        // `mp3`
        if kind(ending) == .digits, kind(ending - 1) == .word { ending -= 1 }
        guard ending > range.lowerBound + 1, text(ending - 1) == "." else { return nil }
        let name = (ending..<range.upperBound).map { tokens[$0].text }.joined()
        guard Self.files.contains(name.lowercased()), kind(ending - 2) != .mark else { return nil }
        // `e.g.c`: letters with points are no names.
        guard name.utf8.count > 1 || (text(ending - 2)?.utf8.count ?? 0) > 1 else { return nil }
        guard !range.contains(where: { [":", "@", "?"].contains(tokens[$0].text) }) else { return nil }
        return Reading(words: spoken(range), next: range.upperBound)
    }

    private func spoken(_ range: Range<Int>) -> String {
        range.map { index in
            let token = tokens[index]
            switch token.kind {
            case .digits: return spokenDigits(token.text)
            case .word: return spokenPart(token.text)
            default: return Self.names[token.text] ?? ""
            }
        }.joined(separator: " ")
    }

    private func spokenDigits(_ digits: String) -> String {
        switch digits.utf8.count {
        case 1, 2: return EnglishNumbers.cardinal(digits: digits)
        case 4:
            return Int(digits).map { (1900...2099).contains($0) } == true
                ? EnglishNumbers.year(Int(digits) ?? 0) : EnglishNumbers.spelled(digits: digits)
        default: return EnglishNumbers.spelled(digits: digits)
        }
    }

    private func spokenPart(_ part: String) -> String {
        Self.humps(of: part).map { word in
            let lower = word.lowercased()
            if let said = Self.saidParts[lower] { return said }
            let isSpelled = Self.spelledParts.contains(lower) || !lower.contains { "aeiouy".contains($0) }
            return isSpelled && word.utf8.count <= 6 ? EnglishWords.letters(word) : lower
        }.joined(separator: " ")
    }
}
