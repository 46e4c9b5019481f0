import Foundation
import Sandbox
import TestSupport
import Testing

@Suite("A confined process")
struct SandboxTests {
    @Test(
        "cannot reach anybody or become anything else",
        arguments: [
            "connect", "socket-unix", "exec", "spawn", "kill-parent", "mount", "chroot", "many-files", "raise-limit",
        ])
    func refused(act: String) throws {
        let result = try Program.run(TestPrograms.stubChild, ["attempt", act])
        // "Not permitted" by the filter, and not that nobody answers or that a file is missing.
        let number = act == "many-files" ? EMFILE : EPERM
        #expect(result.output == "refused \(number)\n", "\(act): \(result.errors)")
        #expect(result.exitCode == 0)
    }

    @Test(
        "cannot change whose a file is, who may use it or when it was changed",
        arguments: [
            "change-mode", "change-open-mode", "change-owner", "change-times", "set-attribute", "remove-attribute",
        ])
    func attributes(act: String) throws {
        let folder = try TemporaryFolder()
        let own = folder.path("own")
        try FileManager.default.createDirectory(atPath: own + "/output", withIntermediateDirectories: true)
        try "x".write(toFile: own + "/output/own", atomically: false, encoding: .utf8)
        let result = try Program.run(TestPrograms.stubChild, ["attempt", act, own])
        #expect(result.output == "refused \(EPERM)\n", "\(act): \(result.errors)")
    }

    @Test(
        "reaches no files but its own", .enabled(if: Sandbox.canRestrictFiles),
        arguments: [
            "read-elsewhere", "list-elsewhere", "read-parent-environment", "change-input", "truncate-input",
            "remove-input", "write-elsewhere", "read-input", "write-output",
        ])
    func files(act: String) throws {
        let folder = try TemporaryFolder()
        let own = folder.path("own")
        try FileManager.default.createDirectory(atPath: own + "/output", withIntermediateDirectories: true)
        for path in [own + "/input", folder.path("secret")] {
            try "x".write(toFile: path, atomically: true, encoding: .utf8)
        }
        let result = try Program.run(TestPrograms.stubChild, ["attempt", act, own])
        let isAllowed = ["read-input", "write-output"].contains(act)
        #expect(result.output == (isAllowed ? "done\n" : "refused \(EACCES)\n"), "\(act): \(result.errors)")
        #expect(try String(contentsOfFile: own + "/input", encoding: .utf8) == "x")
    }

    @Test("still reads files and starts threads", arguments: ["read", "thread"])
    func allowed(act: String) throws {
        #expect(try Program.run(TestPrograms.stubChild, ["attempt", act]).output == "done\n")
    }

    @Test("may become a program where that is allowed, which stays confined")
    func becomesProgram() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path("own/output"), withIntermediateDirectories: true)
        try "words".write(toFile: folder.path("own/input"), atomically: true, encoding: .utf8)
        try "secret".write(toFile: folder.path("elsewhere"), atomically: true, encoding: .utf8)
        func run(_ program: String, _ words: String...) throws -> Program {
            try Program.run(
                TestPrograms.lipsmith,
                ["confined", "--folder", folder.path("own"), "--program", program]
                    + words.map { "--argument=\($0)" })
        }
        #expect(try run("/bin/cat", folder.path("own/input")).output == "words")
        // What looks like an option of ours is the program's.
        #expect(try run("/bin/echo", "--folder", "/", "--program").output == "--folder / --program\n")
        let shell = try run("/bin/sh", "-c", "/bin/ls; echo after")
        #expect(!shell.output.contains("input"))
        #expect(shell.exitCode != 0)
        #expect(try run("/nonexistent/program").exitCode == 3)
        if Sandbox.canRestrictFiles {
            #expect(try run("/bin/cat", folder.path("elsewhere")).output.isEmpty)
            #expect(try run("/bin/cp", folder.path("own/input"), folder.path("own/new")).exitCode != 0)
            #expect(try run("/bin/cp", folder.path("own/input"), folder.path("own/output/new")).exitCode == 0)
        }
    }

    @Test("does not begin without its parent")
    func foreignParent() throws {
        let result = try Program.run(TestPrograms.lipsmith, ["probe", "--parent", "1", Repository.portrait])
        #expect(result.exitCode == 3)
        #expect(result.output.contains("engine.incomplete-installation"))
    }
}
