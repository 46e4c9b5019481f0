/// A piece of a script that is spoken at once, and the pause that the script asks for behind it.
struct ScriptPiece: Hashable, Sendable {
    /// Empty where the script asks for a pause before there is any text.
    var text: String
    /// In seconds; 0 leaves it to the voice.
    var pauseSeconds: Double

    /// The pieces of a script in their order.
    static func pieces(of script: String) -> [ScriptPiece] {
        pieces(of: script) { ScriptText.pieces(of: $0) }
    }

    /// The pieces of a script that is heard while it is spoken: single sentences, the first one cut if it is long, so that
    /// it is heard soon.
    static func streamedPieces(of script: String, isEnglish: Bool) -> [ScriptPiece] {
        var isFirst = true
        return pieces(of: script) { text in
            var sentences = ScriptText.sentences(of: ScriptText.cleaned(text)).flatMap {
                ScriptText.parts(of: $0, limit: ScriptText.pieceLimit)
            }
            if isFirst, let first = sentences.first, let parts = ScriptText.earlyParts(of: first, isEnglish: isEnglish)
            {
                sentences.replaceSubrange(0...0, with: parts)
            }
            isFirst = isFirst && sentences.isEmpty
            return sentences.filter(ScriptText.isSpeakable).map(\.trimmed)
        }
    }

    private static func pieces(of script: String, _ cut: (String) -> [String]) -> [ScriptPiece] {
        ScriptPassage.passages(of: script).flatMap { passage in
            var pieces = cut(passage.text).map { ScriptPiece(text: $0, pauseSeconds: 0) }
            if pieces.isEmpty { pieces = [ScriptPiece(text: "", pauseSeconds: 0)] }
            pieces[pieces.count - 1].pauseSeconds = passage.pauseSeconds
            return pieces
        }.filter { !$0.text.isEmpty || $0.pauseSeconds > 0 }
    }
}
