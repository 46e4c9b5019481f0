import Generations
import HTTP
import Text

/// A translation service that speaks LibreTranslate's public API (`/translate`).
struct Translator: Sendable {
    /// The most texts of one request, accepted by every installation of the service.
    private static let batchSize = 50

    let client: ServiceClient
    let key: String?

    /// The texts in another language, in the same order.
    ///
    /// - Throws: `GenerationError`; `CancellationError` if the task was cancelled.
    func translate(_ texts: [String], from source: String, to target: String) async throws -> [String] {
        var translated: [String] = []
        for start in stride(from: 0, to: texts.count, by: Self.batchSize) {
            let batch = texts[start..<min(start + Self.batchSize, texts.count)]
            var body: [String: JSONValue] = [
                "q": .array(batch.map(JSONValue.string)), "source": .string(source), "target": .string(target),
                "format": "text",
            ]
            if let key { body["api_key"] = .string(key) }
            let outcome = try await client.call(
                .post, "/translate", contentType: "application/json", body: .bytes(JSONValue.object(body).utf8))
            if case .answer(let response) = outcome, response.status.rawValue == 400 {
                throw GenerationError(
                    .providerRefused,
                    "The translation service does not translate from \(source) to \(target).",
                    suggestion: FailureCode.requestInvalid.suggestion, field: .targetLanguage)
            }
            let answer = try Transcriber.dependency("translation", outcome)
            guard let list = answer["translatedText"]?.array?.compactMap(\.text), list.count == batch.count else {
                throw Transcriber.failure("translation", "not as many texts as were sent")
            }
            translated += list
        }
        return translated
    }
}
