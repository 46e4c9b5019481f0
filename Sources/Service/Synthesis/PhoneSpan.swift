public import Speech

/// A range of a sound with the phones in it, which share it evenly.
public struct PhoneSpan: Codable, Hashable, Sendable {
    /// ARPAbet phones; empty for silence.
    public var phones: [String]
    /// The start in seconds of the sound.
    public var startSeconds: Double
    /// The end in seconds of the sound.
    public var endSeconds: Double

    public init(phones: [String], startSeconds: Double, endSeconds: Double) {
        self.phones = phones
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
    }

    /// The ranges as phones without gaps from 0 to `durationSeconds`; ranges without length or outside are dropped.
    public static func gapless(_ spans: [PhoneSpan], durationSeconds: Double) -> [TimedPhone] {
        let phones = spans.flatMap { span in
            let share = (span.endSeconds - span.startSeconds) / Double(max(1, span.phones.count))
            return span.phones.enumerated().map { index, phone in
                TimedPhone(
                    phone: phone, startSeconds: span.startSeconds + share * Double(index),
                    endSeconds: index + 1 == span.phones.count
                        ? span.endSeconds : span.startSeconds + share * Double(index + 1))
            }
        }
        return TimedPhone.gapless(phones, durationSeconds: durationSeconds)
    }
}
