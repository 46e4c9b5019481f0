import Foundation
import Generations
import Persistence
import StoreConformance
import Subprocess
import Testing

struct CrashTests {
    /// Goal: kill -9 in the midst of writes loses nothing that was acknowledged. Method: a child process stores and
    /// prints identifiers; it is killed after a number of lines; the file must be sound and hold every printed one.
    @Test(arguments: [1, 40, 400])
    func killedWriterLosesNothing(afterLines lineLimit: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite")
        let organisation = Organisation(name: "Crash", createdAt: Samples.start)
        do { try await SQLStore(path: path).createOrganisation(organisation) }

        var acknowledged: Set<String> = []
        for _ in 0..<3 {
            let child = try Subprocess(Self.writerURL().path, [path, organisation.id.rawValue], output: .pipe)
            let written = try #require(child.output)
            var output = Data()
            while output.count(where: { $0 == 0x0A }) < lineLimit {
                let part = written.availableData
                if part.isEmpty { break }
                output.append(part)
            }
            child.send(SIGKILL)
            child.waitUntilExit()
            try written.readToEnd().map { output.append($0) }
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").filter { $0.count == 36 }
            #expect(lines.count >= lineLimit)
            acknowledged.formUnion(lines.map { String($0) })
        }

        let connection = try SQLiteDatabase.openWriter(path: path)
        #expect(try connection.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
        let stored = Set(try connection.all("SELECT id FROM generations") { $0.text(0) })
        let jobs = Set(try connection.all("SELECT generation FROM jobs") { $0.text(0) })
        #expect(acknowledged.subtracting(stored).isEmpty)
        #expect(jobs == stored)
    }

    /// The child lies beside the test bundle.
    private static func writerURL() throws -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            folder = URL(filePath: argument).deletingLastPathComponent()
        }
        let url = folder.appending(path: "StoreCrashWriter")
        try #require(FileManager.default.isExecutableFile(atPath: url.path))
        return url
    }
}
