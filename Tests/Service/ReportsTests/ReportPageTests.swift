import Generations
import Reports
import Testing
import Text

@Suite("The report's page")
struct ReportPageTests {
    private func page(report: JSONValue = ["schemaVersion": 1], title: String = "A title") -> String {
        String(decoding: ReportPage.html(report: report, title: title), as: UTF8.self)
    }

    /// What stands between two marks, the first time.
    private func part(of page: String, from start: String, to end: String) -> String? {
        guard let from = page.firstRange(of: start) else { return nil }
        let rest = page[from.upperBound...]
        return rest.firstRange(of: end).map { String(rest[..<$0.lowerBound]) }
    }

    @Test("A text of the report cannot end the element that holds it")
    func reportStaysData() throws {
        let hostile = "</script><script>alert(1)</script><!--"
        let page = page(report: ["warnings": [["message": .string(hostile)]]])
        let plain = self.page()
        #expect(page.split(separator: "<script").count == plain.split(separator: "<script").count)
        let json = try #require(part(of: page, from: "id=\"report\">", to: "</script>"))
        #expect(!json.contains("<"))
        let value = try #require(try? JSONValue(parsing: json))
        #expect(value["warnings"]?.array?.first?["message"]?.text == hostile)
    }

    @Test("A title is a text, in title and heading")
    func titleIsEscaped() {
        let page = page(title: "<b>\"R&D\"</b> 'x'")
        let escaped = "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt; &#39;x&#39;"
        #expect(part(of: page, from: "<title>", to: "</title>") == escaped)
        #expect(part(of: page, from: "<h1>", to: "</h1>") == escaped)
    }

    @Test("What is filled in is not taken for a place to fill", arguments: ["{{script}}", "{{title}}", "{{nothing}}"])
    func placesAreFilledOnce(text: String) {
        #expect(part(of: page(title: text), from: "<title>", to: "</title>") == text)
        let report = part(of: page(report: ["name": .string(text)]), from: "id=\"report\">", to: "</script>")
        #expect(report == "{\"name\":\"\(text)\"}")
    }

    @Test("No place of the template stays empty")
    func everyPlaceIsFilled() {
        let page = page()
        #expect(!page.contains("{{"))
        #expect(page.contains("export function renderReport"))
    }

    @Test("The policy allows the page's own style and script by their hashes, and no network")
    func policyFitsThePage() throws {
        let page = page()
        let style = try #require(part(of: page, from: "<style>", to: "</style>"))
        let script = try #require(part(of: page, from: "<script type=\"module\">", to: "</script>"))
        let hashes = [style, script].map { "'sha256-\(Base64.encode(Digest.sha256($0.utf8)))'" }
        #expect(
            ReportPage.contentSecurityPolicy
                == "default-src 'none'; style-src \(hashes[0]); script-src \(hashes[1]); img-src data:; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'")
    }

    @Test("The page names no other host")
    func pageNeedsNothingElse() {
        let addresses = page().matches(of: /https?:\/\/[^"'\s)]+/).map { String($0.output) }
        #expect(addresses == ["http://www.w3.org/2000/svg"])
    }
}
