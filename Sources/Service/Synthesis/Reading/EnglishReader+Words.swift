extension EnglishReader {
    /// Reads the word at `index`; every word is read.
    func word(at index: Int) -> Reading {
        dottedLetters(at: index) ?? monthDate(at: index) ?? abbreviation(at: index) ?? romanNumber(at: index)
            ?? markedWord(at: index) ?? codeAmount(at: index) ?? letters(at: index)
            ?? Reading(words: EnglishWords.respelled[tokens[index].text] ?? tokens[index].text, next: index + 1)
    }

    // MARK: - Abbreviations

    /// `U.S.`, `a.m.`, `e.g.`, `J. R. R.`, `Ph.D.`
    private func dottedLetters(at index: Int) -> Reading? {
        guard text(index + 1) == ".", text(index - 1) != ".", let first = word(index) else { return nil }
        if first == "Ph", text(index + 2) == "D" {
            return Reading(words: "P.H.D", next: behindPoint(of: "Ph.D", at: index + 3))
        }
        guard first.count == 1 else { return nil }
        var letters = [first]
        var end = index + 1
        while let letter = word(end + 1), letter.count == 1, text(end) == "." {
            letters.append(letter)
            end += 2
        }
        guard letters.count > 1 else { return initial(at: index) }
        guard text(end) == "." || letters.allSatisfy({ $0.first?.isUppercase == true }) else { return nil }
        let name = letters.joined(separator: ".")
        let next = behindPoint(of: name, at: end)
        if let words = EnglishWords.dotted[name.lowercased()] { return Reading(words: words, next: next) }
        return Reading(words: EnglishWords.letters(letters.joined()), next: next)
    }

    /// `J. Smith`: letters of names lose their point.
    private func initial(at index: Int) -> Reading? {
        guard let letter = word(index), letter.first?.isUppercase == true else { return nil }
        guard kind(index + 2) == .space, let next = nextWord(after: index + 2), !next.isEmpty else { return nil }
        guard !SentencePoints.isEnd(after: letter, previous: wordBefore(index), next: next) else { return nil }
        return Reading(words: EnglishWords.letters(letter), next: index + 2)
    }

    private func abbreviation(at index: Int) -> Reading? {
        guard let word = word(index), word.utf8.count <= 8, !isShouted[index] else { return nil }
        if let reading = placeOrTitle(word, at: index) { return reading }
        if word == "v", text(index + 1) == ".", isCapitalized(behindSpace(index + 2)),
            wordBefore(index)?.first?.isUppercase == true
        {
            return Reading(words: "versus", next: index + 2)
        }
        if word == "w", text(index + 1) == "/" {
            let isWithout = self.word(index + 2) == "o"
            return Reading(words: isWithout ? "without" : "with", next: index + (isWithout ? 3 : 2))
        }
        if let dash = text(index + 1), dash == "-" || dash == "–", let first = EnglishWords.calendarNames[word],
            let last = self.word(index + 2).flatMap({ EnglishWords.calendarNames[$0] })
        {
            return Reading(words: first + " to " + last, next: index + 3)
        }
        let lower = word.lowercased()
        if let words = EnglishWords.titles[word] {
            let follower = behindSpace(behindDot(index + 1))
            let isPair = self.word(follower) == "and" || text(follower) == "&" || self.word(follower) == "or"
            if isCapitalized(follower) || isPair && word.hasPrefix("M") {
                return Reading(words: words, next: behindDot(index + 1))
            }
        }
        if let words = EnglishWords.numbered[lower], let reading = numberedReading(words, at: index) { return reading }
        if let words = EnglishWords.anyway[lower] {
            let isName = word.first?.isUppercase == true
            return Reading(
                words: isName ? words.prefix(1).uppercased() + words.dropFirst() : words,
                next: behindPoint(of: word, at: index + 1))
        }
        guard text(index + 1) == ".", word.utf8.count == 1 || !tokens[index].isCapitals else { return nil }
        let isName = word.first?.isUppercase == true
        guard let words = (isName ? EnglishWords.pointedNames[word] : nil) ?? EnglishWords.pointed[lower] else {
            return nil
        }
        if word == "Ft", !isCapitalized(behindSpace(index + 2)) { return nil }
        return Reading(words: words, next: behindPoint(of: word, at: index + 1))
    }

    private func behindDot(_ index: Int) -> Int { text(index) == "." ? index + 1 : index }

    /// `No. 5`, `pp. 3-5`, `Vol. 2`
    private func numberedReading(_ words: String, at index: Int) -> Reading? {
        guard text(index + 1) == "." else { return nil }
        let next = behindSpace(index + 2)
        if let numeral = word(next), numeral.utf8.count > 1, let value = EnglishNumbers.roman(numeral) {
            return Reading(words: words + " " + EnglishNumbers.cardinal(value), next: next + 1)
        }
        return kind(next) == .digits ? Reading(words: words, next: index + 2) : nil
    }

    /// `Dr.` and `St.`, each of which is a title before a name and part of a street behind one.
    private func placeOrTitle(_ word: String, at index: Int) -> Reading? {
        guard word == "Dr" || word == "St" else { return nil }
        let hasPoint = text(index + 1) == "."
        let next = behindSpace(behindDot(index + 1))
        let isBeforeName = isCapitalized(next) && kind(next - 1) == .space
        let before = wordBefore(index)
        let isBehindName =
            before.map { $0.first?.isUppercase == true && !EnglishWords.beforeTitles.contains($0) } ?? false
            && !startsSentence(index - 2)
        let isBehindNumber = kind(index - 1) == .space && (digits(index - 4) != nil || isOrdinal(before, at: index - 2))
        let isStreet =
            isBehindNumber || isBehindName && (!isBeforeName || self.word(next).map(SentencePoints.isStarter) == true)
        if isStreet || isBehindName && word == "St" {
            return Reading(
                words: word == "St" ? "Street" : "Drive", next: behindPoint(of: "St", at: index + 1))
        }
        guard isBeforeName else { return nil }
        return Reading(words: word == "St" ? "Saint" : "Doctor", next: hasPoint ? index + 2 : index + 1)
    }

    /// `5th` before a street.
    private func isOrdinal(_ word: String?, at index: Int) -> Bool {
        guard let word, kind(index - 1) == .digits else { return false }
        return EnglishWords.ordinalEnds.contains(word)
    }

    // MARK: - Roman numerals

    private func romanNumber(at index: Int) -> Reading? {
        // C, D, L and M alone are letters: "Type C".
        guard let numeral = word(index), let value = EnglishNumbers.roman(numeral),
            numeral.utf8.count > 1 || "IVX".contains(numeral)
        else { return nil }
        guard let before = wordBefore(index) else {
            return numeral.hasSuffix("II") ? Reading(words: EnglishNumbers.cardinal(value), next: index + 1) : nil
        }
        let next = word(behindSpace(index + 1))
        if EnglishWords.regnalNames.contains(before) {
            if numeral == "I", let next, next.first?.isLowercase == true, !EnglishWords.afterRegnal.contains(next) {
                return nil
            }
            return Reading(words: "the " + EnglishNumbers.ordinal(value), next: index + 1)
        }
        if EnglishWords.romanLabels.contains(before) {
            if numeral == "I", let next, next.first?.isLowercase == true, !EnglishWords.afterRegnal.contains(next) {
                return nil
            }
            return Reading(words: EnglishNumbers.cardinal(value), next: index + 1)
        }
        if next == "century" || next == "centuries" {
            return Reading(words: EnglishNumbers.ordinal(value), next: index + 1)
        }
        let isPlain = numeral.utf8.count > 1 && numeral.allSatisfy { "IVX".contains($0) } && numeral != "IV"
        guard isPlain, before.first?.isUppercase == true, !isShouted[index] else { return nil }
        return Reading(words: EnglishNumbers.cardinal(value), next: index + 1)
    }

    // MARK: - Letters

    /// `C++`, `C#`, `AT&T`, `R&D`, `v2.0`, `and/or`
    private func markedWord(at index: Int) -> Reading? {
        guard let word = word(index) else { return nil }
        if text(index + 1) == "#", ["C", "F"].contains(word), kind(index + 2) != .word, kind(index + 2) != .digits {
            return Reading(words: word + " sharp", next: index + 2)
        }
        if text(index + 1) == "+", text(index + 2) == "+", word.utf8.count == 1 {
            return Reading(words: word + " plus plus", next: index + 3)
        }
        if word == "v" || word == "V", kind(index + 1) == .digits { return Reading(words: "version", next: index + 1) }
        if text(index + 1) == "/", let other = self.word(index + 2) {
            let lower = word.lowercased()
            let joint = EnglishWords.alternatives[lower + "/" + other.lowercased()]
            if let joint { return Reading(words: joint, next: index + 3) }
        }
        let isJoined = text(index + 1) == "&" || text(index - 1) == "&"
        if isJoined, word.utf8.count <= 3, tokens[index].isCapitals {
            return Reading(words: EnglishWords.letters(word), next: index + 1)
        }
        return nil
    }

    /// Acronyms, shouted words, and capitals beside digits.
    private func letters(at index: Int) -> Reading? {
        guard let word = word(index) else { return nil }
        let isBesideDigits = kind(index + 1) == .digits || kind(index - 1) == .digits
        if let words = EnglishWords.respelled[word] { return Reading(words: words, next: index + 1) }
        if word.utf8.count == 1 {
            guard word == "A" || word == "I" else { return nil }
            let isHyphened = text(index + 1) == "-" && kind(index + 2) != .space
            let isLabel =
                isBesideDigits || isHyphened && !isShouted[index]
                || wordBefore(index).map { SentencePoints.labels.contains($0.lowercased()) } == true && word == "A"
            return isLabel ? Reading(words: EnglishWords.letters(word), next: index + 1) : nil
        }
        guard tokens[index].isCapitals else {
            if isShouted[index], word.contains("'"), EnglishWords.isSaid(String(word.prefix { $0 != "'" })) {
                return Reading(words: word.lowercased(), next: index + 1)
            }
            return (EnglishWords.inflectedLetters(word) ?? EnglishWords.compound(word)).map {
                Reading(words: $0, next: index + 1)
            }
                ?? (word.contains("'") && isShouted[index] ? Reading(words: word.lowercased(), next: index + 1) : nil)
        }
        if isBesideDigits, word.utf8.count <= 3, !isShouted[index] {
            return Reading(words: EnglishWords.letters(word), next: index + 1)
        }
        let isBracketed = text(index - 1) == "(" && text(index + 1) == ")"
        if isBracketed, word.utf8.count <= 5, !isShouted[index], !EnglishWords.isSaid(word) {
            return Reading(words: EnglishWords.letters(word), next: index + 1)
        }
        let isNamed = wordBefore(index)?.lowercased() == "the"
        return Reading(
            words: EnglishWords.capitals(word, isShouted: isShouted[index], isBehindArticle: isNamed), next: index + 1)
    }
}
