import Foundation
import Text
public import Time

/// What requests are signed with. Its description tells no secret.
public struct S3Credentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The name of the key, which is no secret.
    public let accessKeyID: String
    /// The key.
    public let secretAccessKey: String
    /// Goes with keys that are good for a while only.
    public let sessionToken: String?
    /// When they end; nil for those that do not.
    public let expiresAt: Timestamp?

    public init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiresAt: Timestamp? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
    }

    /// The name of the key.
    public var description: String { "S3Credentials(\(accessKeyID))" }
    /// The name of the key.
    public var debugDescription: String { description }

    /// Those of a program's environment; nil where it has none.
    package init?(environment: [String: String]) {
        guard let key = environment["AWS_ACCESS_KEY_ID"], !key.isEmpty,
            let secret = environment["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty
        else { return nil }
        let token = environment["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        self.init(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
    }

    /// Those of a profile in the text of a shared credentials file; nil where it has none.
    package init?(sharedFile text: String, profile: String) {
        var values: [String: String] = [:]
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingCharacters(in: .whitespaces) }) {
            if line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                isInside = line.dropFirst().dropLast().trimmingCharacters(in: .whitespaces) == profile
            } else if isInside, let mark = line.firstIndex(of: "=") {
                values[line[..<mark].trimmingCharacters(in: .whitespaces).uppercased()] =
                    line[line.index(after: mark)...].trimmingCharacters(in: .whitespaces)
            }
        }
        self.init(environment: values)
    }

    /// Those that a metadata service or a container's agent answers with; nil for any other answer.
    package init?(metadata text: [UInt8]) {
        guard let answer = try? JSONValue(parsing: text), let key = answer["AccessKeyId"]?.text,
            let secret = answer["SecretAccessKey"]?.text
        else { return nil }
        self.init(
            accessKeyID: key, secretAccessKey: secret, sessionToken: answer["Token"]?.text,
            expiresAt: answer["Expiration"]?.text.flatMap { Timestamp(iso8601: $0) })
    }
}
