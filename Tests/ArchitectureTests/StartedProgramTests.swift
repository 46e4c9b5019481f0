import TestSupport
import Testing

/// Goal: no program is started by Foundation's `Process`, which on Linux now and then ends the process that starts one (see
/// `Subprocess`). The product has `ChildProcess`, tests have `Subprocess`.
@Suite("Starting programs")
struct StartedProgramTests {
    private static func starts(in text: String) -> Bool { text.contains(/\bProcess\(\)|\bProcess\.run\b/) }

    @Test("no file starts one by Foundation")
    func byOwnCode() throws {
        let folders = ["Sources", "Tests", "Benchmarks", "Training"]
        for path in folders.flatMap({ Repository.swiftFiles(under: $0) }) {
            if path.hasSuffix("StartedProgramTests.swift") { continue }
            #expect(!Self.starts(in: try Repository.text(path)), "\(path)")
        }
    }

    @Test("one that does would be found")
    func canary() {
        #expect(Self.starts(in: "let child = Process()"))
        #expect(Self.starts(in: "try Process.run(url, arguments: [])"))
        #expect(!Self.starts(in: "try ChildProcess().run()"))
    }
}
