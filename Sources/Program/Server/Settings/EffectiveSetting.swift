/// What holds of one setting, as it may be shown to operators.
public struct EffectiveSetting: Sendable {
    /// Which one.
    public let setting: Setting
    /// Its value; of a secret, and of a password in an address, only that there is one.
    public let shownValue: String
    /// Whether a flag or a variable sets it.
    public let isSet: Bool

    /// What is shown in place of a secret.
    private static let mask = "•••"

    init(_ setting: Setting, value: String?) {
        self.setting = setting
        isSet = value != nil
        let value = value ?? setting.defaultText
        if case .secret = setting.kind {
            shownValue = value.isEmpty ? "" : Self.mask
        } else {
            shownValue = Self.withoutUser(value)
        }
    }

    /// The text without user names and passwords of addresses in it: `https://•••@host`.
    private static func withoutUser(_ text: String) -> String {
        text.replacing(#/:\/\/[^\/\s,]*@/#) { _ in "://\(mask)@" }
    }
}
