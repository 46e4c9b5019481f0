import Foundation

/// A report as a JSON file beside its output.
public enum ReportFile {
    /// Where the report of an output stands.
    public static func path(beside output: String) -> String { output + ".report.json" }

    /// The report in the form of docs/report.md, indented, with sorted names.
    ///
    /// - Throws: `EncodingError` for a number that JSON does not have, which no measure is.
    public static func json(_ report: RenderReport) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(report))
    }
}
