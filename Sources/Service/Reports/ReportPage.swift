/// A report as one HTML page that needs nothing else.
public enum ReportPage {
    /// The page.
    public static func html(report: [UInt8], title: String) -> [UInt8] { report }
}
