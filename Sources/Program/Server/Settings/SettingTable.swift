extension Setting {
    /// All settings as the table of docs/configuration.md; a test keeps the two equal.
    public static var markdownTable: String {
        let rows = all.map { setting in
            let value = setting.defaultText.isEmpty ? "none" : "`\(setting.defaultText)`"
            return "| `\(setting.flag)`<br>`\(setting.variable)` | \(setting.kind.summary) | \(value) | "
                + "\(setting.summary) | \(setting.effect) |"
        }
        return """
            | setting | values | default | what it does | effect |
            | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }
}
