/// A field and what is wrong with it.
public struct FieldProblem: Hashable, Sendable {
    /// Where, as `input[0].url`.
    public let field: String
    /// One sentence that names the field.
    public let message: String

    /// Makes a problem; the sentence begins with the field's name.
    public init(field: String, _ predicate: String) {
        self.field = field
        message = "\(field) \(predicate)"
    }
}
