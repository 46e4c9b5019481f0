/// Marks that both the cutting of scripts and the reading of clauses know.
package enum Punctuation {
    /// What may stand between the end of a sentence and the white space after it: quotation marks and brackets.
    package static let closers: Set<Character> = Set("\"'”’»›)]」』）】")
}
