import Speech

/// A stretch of sound and the mouth's phones in it, which share it evenly.
public struct PhoneSpan: Hashable, Sendable {
    /// ARPAbet; none for silence.
    public var phones: [String]
    /// Where the stretch begins, in seconds.
    public var startSeconds: Double
    /// Where it ends.
    public var endSeconds: Double

    /// Makes a stretch.
    public init(phones: [String], startSeconds: Double, endSeconds: Double) {
        self.phones = phones
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
    }

    /// The stretches as phones without gaps from 0 to the end; what has no length or lies outside is left out.
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
