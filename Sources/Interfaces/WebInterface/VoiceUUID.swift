public import Generations

extension Voice {
    /// A UUID for interfaces that need one: made of the voice's own name, so that it is the same for ever; of version 8, a form
    /// of the maker's own.
    public var uuid: String {
        UUIDText.make(Array(Digest.sha256("lipsmith voice \(id)".utf8).prefix(16)), version: 8)
    }
}
