import Generations
public import Text

/// A report as one HTML page that needs nothing else, and the plots in it for other pages.
public enum ReportPage {
    /// The module that draws a report: it exports `renderReport`.
    public static let script: [UInt8] = PackageResources.report_js

    /// The styles of what the module draws.
    public static let style: [UInt8] = PackageResources.report_css

    /// The `Content-Security-Policy` of a page: its own style and its own script run, nothing is fetched from anywhere.
    public static let contentSecurityPolicy: String = [
        "default-src 'none'", "style-src \(hash(of: style))", "script-src \(hash(of: program))", "img-src data:",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The page of a report.
    ///
    /// - Parameters:
    ///   - report: The report as JSON in UTF-8. Whatever stands in it stays data: nothing of it can end the element that
    ///     holds it.
    ///   - title: A plain text; it becomes title and heading.
    /// - Returns: HTML in UTF-8.
    public static func html(report: [UInt8], title: String) -> [UInt8] {
        let title = escaped(title)
        var page: [UInt8] = []
        page.reserveCapacity(PackageResources.report_html.count + style.count + program.count + report.count + 1024)
        for piece in pieces {
            switch piece {
            case .text(let text): page += text
            case .place("title"): page += title
            case .place("style"): page += style
            case .place("script"): page += program
            case .place("report"): page += inert(report)
            case .place(let name): preconditionFailure("the template has a place for \(name), which nothing fills")
            }
        }
        return page
    }

    /// The page of a report.
    public static func html(report: JSONValue, title: String) -> [UInt8] { html(report: report.utf8, title: title) }

    /// The module and the line that starts it, as they stand in the page's script element.
    private static let program = script + PackageResources.report_boot_js

    private enum Piece {
        case text([UInt8])
        case place(String)
    }

    /// The template, cut at its places once, so that what is filled in is never taken for one.
    private static let pieces: [Piece] = {
        var pieces: [Piece] = []
        var rest = PackageResources.report_html[...]
        while let start = index(of: "{{", in: rest), let end = index(of: "}}", in: rest[start...]) {
            pieces.append(.text(Array(rest[..<start])))
            pieces.append(.place(String(decoding: rest[(start + 2)..<end], as: UTF8.self)))
            rest = rest[(end + 2)...]
        }
        return pieces + [.text(Array(rest))]
    }()

    /// Where two equal ASCII characters stand first.
    private static func index(of pair: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
        let character = pair.utf8Start.pointee
        return bytes.indices.dropLast().first { bytes[$0] == character && bytes[$0 + 1] == character }
    }

    /// JSON without `<`: it can stand only within texts there, and has another way of being written in them.
    private static func inert(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(UInt8(ascii: "<")) else { return json }
        return json.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] }
    }

    private static func escaped(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += "&quot;".utf8
            case UInt8(ascii: "'"): result += "&#39;".utf8
            default: result.append(byte)
            }
        }
        return result
    }

    private static func hash(of bytes: [UInt8]) -> String { "'sha256-\(Base64.encode(Digest.sha256(bytes)))'" }
}
