import TestSupport
import Testing

@Suite("One fact in each expectation")
struct ExpectationTests {
    @Test("no expectation of the tests joins facts by &&")
    func factsStandAlone() throws {
        let files = Repository.swiftFiles(under: "Tests")
        #expect(files.count > 150)
        for file in files {
            for line in JoinedFacts.lines(in: try Repository.text(file)) {
                Issue.record(
                    "\(file):\(line) joins facts; give each an expectation, by #require where the next needs it")
            }
        }
    }

    // Written with a mark in place of the number sign, so that the test above does not find its own examples.
    @Test(
        "joined facts are found",
        arguments: [
            "§expect(a && b)", "try §require(a == 1 && b)", "§expect(\n    a\n        && b, \"text\")",
            #"§expect(a == "(" && b)"#, #"§expect(a == "\(f("x"))" && b)"#, #"§expect(a == "\"" && b)"#,
            "§expect(list.allSatisfy { $0 > 1 } && b)", "§expect(f(a, b) && c)", "§expect(a // , or (\n && b)",
            ##"§expect(a == #"""# && b)"##,
        ])
    func canary(text: String) {
        #expect(JoinedFacts.lines(in: Self.source("let x = 1\n" + text + "\n")) == [2])
    }

    @Test(
        "what is one fact is let through",
        arguments: [
            "§expect(a)", "§expect(list.allSatisfy { $0 > 1 && $0 < 2 })", "§expect(!(a && b))",
            "§expect(a && b || c)", #"§expect(a == "x && y")"#, #"§expect(a, "\(b && c)")"#,
            #"§expect(a == "\(b && c)")"#, "if a && b { §expect(c) }", "§expect(a)\nlet y = a && b",
        ])
    func single(text: String) {
        #expect(JoinedFacts.lines(in: Self.source(text)) == [])
    }

    private static func source(_ text: String) -> String { text.replacing("§", with: "#") }
}
