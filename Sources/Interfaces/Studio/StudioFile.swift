import Generations
import Reports
import Text

/// A file of the studio, as it is sent.
struct StudioFile: Sendable {
    let bytes: [UInt8]
    /// A strong tag with its quotes.
    let entityTag: String

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        entityTag = "\"\(Hexadecimal.encode(Array(Digest.sha256(bytes).prefix(16))))\""
    }

    /// The file that is the page itself.
    static let pageName = "index.html"

    /// Every file by its name: those in `Files`, and the plots of reports.
    static var contents: [String: [UInt8]] {
        [
            "api.js": PackageResources.api_js,
            "batch.js": PackageResources.batch_js,
            "capture.js": PackageResources.capture_js,
            "checkview.js": PackageResources.checkview_js,
            "choicesview.js": PackageResources.choicesview_js,
            "code.js": PackageResources.code_js,
            "compare.js": PackageResources.compare_js,
            "dom.js": PackageResources.dom_js,
            "draft.js": PackageResources.draft_js,
            "generation.js": PackageResources.generation_js,
            "icon.svg": PackageResources.icon_svg,
            "index.html": PackageResources.index_html,
            "inputs.js": PackageResources.inputs_js,
            "library.js": PackageResources.library_js,
            "main.js": PackageResources.main_js,
            "modes.js": PackageResources.modes_js,
            "new.js": PackageResources.new_js,
            "operator.js": PackageResources.operator_js,
            "pages.css": PackageResources.pages_css,
            "rows.js": PackageResources.rows_js,
            "sessions.js": PackageResources.sessions_js,
            "stage.js": PackageResources.stage_js,
            "style.css": PackageResources.style_css,
            "texts.js": PackageResources.texts_js,
            "theme.js": PackageResources.theme_js,
            "timeline.js": PackageResources.timeline_js,
            "upload.js": PackageResources.upload_js,
            "variations.js": PackageResources.variations_js,
            "verify.js": PackageResources.verify_js,
            "voicelist.js": PackageResources.voicelist_js,
            "voices.js": PackageResources.voices_js,
            "report.css": ReportPage.style,
            "report.js": ReportPage.script,
        ]
    }

    /// The media type of a file by its name.
    static func contentType(_ name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
