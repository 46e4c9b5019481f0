import Generations
import HTTP
import Text
import WebInterface

extension FieldRules {
    /// The forms that the sections on media take: JSON as it is.
    static let media = FieldRules(
        errorLimit: 1, trueWords: ["true"], falseWords: ["false"], takesNumbersAsFlags: false, trimsNumbers: false)
}

extension Call {
    /// The members of a JSON body, to be read.
    func mediaFields() async throws -> FieldReader { FieldReader(try await members(), rules: .media) }

    /// The name in the path.
    ///
    /// - Parameter missing: What is thrown where it cannot be one.
    func identifier<Entity>(or missing: FailureCode) throws(GenerationError) -> Identifier<Entity> {
        guard let id = Identifier<Entity>(parsing: parameter()) else { throw GenerationError(missing) }
        return id
    }
}

extension FieldReader {
    /// A medium: `{"asset": ID}` or `{"url": "https://…"}`.
    mutating func medium(_ name: String, as kind: MediaKind) -> MediaInput? {
        guard var reader = object(name) else { return nil }
        let asset = reader.uuid("asset")
        let url = reader.address("url")
        if reader.problems.isEmpty, (asset == nil) == (url == nil) {
            reader.report(.value(place(name), "must have either asset or url."))
        }
        report(reader)
        guard let source = asset.map({ InputSource.asset(AssetID(rawValue: $0)) }) ?? url.map(InputSource.url) else {
            return nil
        }
        return MediaInput(kind: kind, role: kind == .audio ? .voice : .visual, source: source)
    }
}
