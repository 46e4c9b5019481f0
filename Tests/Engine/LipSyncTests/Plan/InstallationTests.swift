import Foundation
import LipSync
import TestSupport
import Testing

@Suite("Where the runtime and the models are looked for")
struct InstallationTests {
    /// An installation of empty files.
    private func install(_ folder: String) throws {
        for name in Installation(folder: folder).missingFiles {
            let url = URL(fileURLWithPath: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
        }
    }

    @Test("The setting wins over everything, even when it is wrong, so that a mistake is seen")
    func setting() {
        let found = Installation.find(
            executable: Repository.root + "/.build/release/lipsmith", environment: [Installation.setting: "/somewhere"])
        #expect(found?.folder == "/somewhere")
        #expect(found?.missingFiles.isEmpty == false)
    }

    @Test("A build in the source tree finds what setup unpacked")
    func sourceTree() {
        for environment in [[:], [Installation.setting: ""]] {
            let found = Installation.find(
                executable: Repository.root + "/.build/release/lipsmith", environment: environment)
            #expect(found?.folder == Repository.thirdParty)
        }
    }

    @Test("An installed program finds its library folder, also through a link")
    func installed() throws {
        let folder = try TemporaryFolder()
        try install(folder.path("usr/lib/lipsmith"))
        try FileManager.default.createDirectory(atPath: folder.path("usr/bin"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.path("elsewhere"), withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: folder.path("usr/bin/lipsmith")))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("elsewhere/link"), withDestinationPath: folder.path("usr/bin/lipsmith"))
        for program in ["usr/bin/lipsmith", "elsewhere/link"] {
            let found = Installation.find(executable: folder.path(program), environment: [:])
            #expect(found?.folder.hasSuffix("/usr/lib/lipsmith") == true)
            #expect(found?.missingFiles == [])
        }
    }

    @Test("An installation that lacks a file is passed over")
    func incomplete() throws {
        let folder = try TemporaryFolder()
        try install(folder.path("lib/lipsmith"))
        let first = try #require(Installation(folder: folder.path("lib/lipsmith")).modelFolder as String?)
        try FileManager.default.removeItem(atPath: first + "/face_landmark.tflite")
        #expect(Installation.find(executable: folder.path("bin/lipsmith"), environment: [:]) == nil)
        #expect(
            Installation(folder: folder.path("lib/lipsmith")).missingFiles == [first + "/face_landmark.tflite"])
    }
}
