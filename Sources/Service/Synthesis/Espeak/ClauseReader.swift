import Foundation

/// Reads a text clause by clause, as espeak-ng cuts it. The library drops punctuation, so the mark that ended a clause is
/// looked up in the text.
struct ClauseReader {
    private static let marks = Set(VoiceSymbols.pauses.map(Character.init))
    /// Marks of other scripts that are read like one of `marks`.
    private static let likeMarks: [Character: Character] = [
        "。": ".", "！": "!", "？": "?", "、": ",", "，": ",", "；": ";", "：": ":", "।": ".", "–": "—", "؟": "?", "،": ",",
    ]

    let text: String

    /// - Parameter next: Gives the phonemes of the next clause of a UTF-8 text and moves the pointer on, to `nil` at the end.
    func clauses(_ next: (inout UnsafePointer<CChar>?) -> UnsafePointer<CChar>?) -> [PhonemeClause] {
        let bytes = Array(text.utf8) + [0]
        return bytes.withUnsafeBytes { buffer -> [PhonemeClause] in
            guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return [] }
            var clauses: [PhonemeClause] = []
            var pointer: UnsafePointer<CChar>? = base
            var start = 0
            while pointer != nil, start < bytes.count {
                let phonemes = next(&pointer).map { String(cString: $0) } ?? ""
                // The pointer stands one character behind the first of the next clause; at the end there is none.
                let end = pointer.map { min(max($0 - base, start + 1), bytes.count - 1) } ?? bytes.count - 1
                let spoken = phonemes.replacing(/\([a-z-]+\)/, with: "").trimmingCharacters(in: .whitespacesAndNewlines)
                if !spoken.isEmpty {
                    clauses.append(
                        PhonemeClause(phonemes: spoken, mark: Self.mark(bytes[start..<end], isLast: pointer == nil)))
                }
                start = end
            }
            return clauses
        }
    }

    private static func mark(_ bytes: ArraySlice<UInt8>, isLast: Bool) -> String {
        var characters = Array(String(decoding: bytes, as: UTF8.self))
        if !isLast, !characters.isEmpty { characters.removeLast() }
        while let last = characters.last, last.isWhitespace || Punctuation.closers.contains(last) || last == "\u{FFFD}"
        {
            characters.removeLast()
        }
        guard let last = characters.last else { return "" }
        let mark = likeMarks[last] ?? last
        return marks.contains(mark) ? String(mark) : ""
    }
}
