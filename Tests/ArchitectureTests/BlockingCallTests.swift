import TestSupport
import Testing

/// Goal: what the interfaces and the voices do runs on the shared threads, so they touch files only in those few places
/// that hand such calls to `BlockingWork`.
@Suite("Waiting for a disk")
struct BlockingCallTests {
    private static func calls(in text: String) -> [String] {
        text.matches(
            of: /FileManager\.default|FileHandle\(|contentsOf|\b(?:rename|mkdir|unlink|link)\(|waitUntilExit|usleep\(/
        ).map { String($0.output) }
    }

    @Test("only files that hand their calls to other threads touch files")
    func filesTouchedAside() throws {
        var touching: [String] = []
        for target in ["Access", "Generations", "HedraAPI", "SyncAPI", "Voices", "WebInterface"] {
            for path in try Repository.swiftFiles(ofTarget: target) {
                // The rest of the domain is values.
                if target == "Generations", !path.contains("/Services/") { continue }
                let text = try Repository.text(path)
                guard !Self.calls(in: text).isEmpty else { continue }
                #expect(text.contains("BlockingWork.run"), "\(path) waits for a disk")
                touching.append(path.split(separator: "/").last.map(String.init) ?? path)
            }
        }
        #expect(
            touching.sorted() == [
                "FileBytes.swift", "MultipartBody.swift", "PiperEngine.swift", "ScratchFolder.swift",
                "SpeechFolder.swift",
            ])
    }

    @Test("a call that waits would be found")
    func canary() {
        for line in [
            "defer { try? FileManager.default.removeItem(atPath: path) }", "let data = try Data(contentsOf: url)",
            "guard rename(a, b) == 0", "process.waitUntilExit()",
        ] { #expect(!Self.calls(in: line).isEmpty, "\(line)") }
        #expect(Self.calls(in: "await FileBytes.remove(path)").isEmpty)
    }
}
