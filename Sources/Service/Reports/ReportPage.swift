/// A report as one HTML page that needs nothing else.
public enum ReportPage {
    /// What a browser may load for the page: nothing from elsewhere.
    public static let contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

    /// The page of a report.
    ///
    /// - Parameters:
    ///   - report: Its JSON.
    ///   - title: What the page is called.
    public static func html(report: [UInt8], title: String) -> [UInt8] {
        func escaped(_ text: String) -> String { text.replacing("&", with: "&amp;").replacing("<", with: "&lt;") }
        let body = escaped(String(decoding: report, as: UTF8.self))
        return Array("<!doctype html><title>\(escaped(title))</title><pre>\(body)</pre>".utf8)
    }
}
