import Text
public import Time

/// The headers that prove to a receiver that a webhook came from this server, unaltered.
public struct WebhookSigning: Sendable {
    /// The secret as the receiver knows it, with its `whsec_` prefix.
    public let secret: String

    /// Wraps an organisation's secret.
    public init(secret: String) { self.secret = secret }

    /// A new secret: `whsec_` and 24 random bytes in base64.
    public static func makeSecret() -> String { "whsec_" + Base64.encode(RandomBytes.make(24)) }

    /// The value of `Sync-Signature`: seconds, and the HMAC of `<seconds>.<body>` keyed with the whole secret text.
    public func syncSignature(body: [UInt8], sentAt: Timestamp) -> String {
        let message = Array("\(sentAt.seconds).".utf8) + body
        let code = Digest.hmacSHA256(key: secret.utf8, message: message)
        return "t=\(sentAt.seconds),v1=\(Hexadecimal.encode(code))"
    }

    /// The value of `webhook-signature` as Standard Webhooks defines it: version 1, base64 of the HMAC of
    /// `<id>.<seconds>.<body>`, keyed with the bytes that the secret's base64 part says.
    public func standardSignature(deliveryID: DeliveryID, body: [UInt8], sentAt: Timestamp) -> String {
        let encoded = secret.hasPrefix("whsec_") ? secret.dropFirst(6) : Substring(secret)
        let key = Base64.decode(encoded) ?? Array(secret.utf8)
        let message = Array("\(deliveryID).\(sentAt.seconds).".utf8) + body
        return "v1,\(Base64.encode(Digest.hmacSHA256(key: key, message: message)))"
    }

    /// Every header of one delivery, in the order in which they are sent.
    ///
    /// Batch deliveries carry the signature a second time under the name that batch receivers look for.
    public func headers(
        deliveryID: DeliveryID, body: [UInt8], sentAt: Timestamp, isBatch: Bool
    ) -> [(name: String, value: String)] {
        let signature = syncSignature(body: body, sentAt: sentAt)
        var headers = [
            (name: "Sync-Signature", value: signature),
            (name: "webhook-id", value: deliveryID.rawValue),
            (name: "webhook-timestamp", value: String(sentAt.seconds)),
            (
                name: "webhook-signature",
                value: standardSignature(deliveryID: deliveryID, body: body, sentAt: sentAt)
            ),
        ]
        if isBatch { headers.append((name: "X-Signature-Primary", value: signature)) }
        return headers
    }
}
