import Foundation
import Inference
import TestSupport
import Testing

@Suite("Compiled networks on disk")
struct CompiledModelCacheTests {
    private static let model = TestFaces.modelFolder + "/face_landmark.tflite"

    /// All outputs for one fixed input, with a session that outlives its loading.
    private func values(cacheFolder: String?) throws -> [[Float]] {
        let runtime = try OpenVINO(folder: TestFaces.runtimeFolder, cacheFolder: cacheFolder)
        let session = try runtime.load(Self.model, inputShape: nil, threadCount: 1)
        session.withInput { input in for index in input.indices { input[index] = Float(index % 251) / 251 } }
        try session.run()
        return session.outputNames.indices.map { session.withOutput($0) { Array($0) } }
    }

    private func file(_ folder: TemporaryFolder, _ name: String) -> URL { URL(fileURLWithPath: folder.path(name)) }

    @Test("What another process compiled gives the same bits as compiling, and nothing else is left in the folder")
    func sameBits() throws {
        let folder = try TemporaryFolder()
        let wanted = try values(cacheFolder: nil)
        #expect(folder.names.isEmpty)
        #expect(try values(cacheFolder: folder.path()) == wanted)
        let names = folder.names
        #expect(names.count == 1)
        let content = try Data(contentsOf: file(folder, names[0]))
        #expect(try values(cacheFolder: folder.path()) == wanted)
        #expect(folder.names == names)
        #expect(try Data(contentsOf: file(folder, names[0])) == content)
    }

    @Test("A damaged file is compiled anew and replaced", arguments: ["empty", "cut", "changed", "longer"])
    func damaged(kind: String) throws {
        let folder = try TemporaryFolder()
        let wanted = try values(cacheFolder: folder.path())
        let name = try #require(folder.names.first)
        let good = try Data(contentsOf: file(folder, name))
        var bad = good
        switch kind {
        case "empty": bad = Data()
        case "cut": bad = good.prefix(good.count / 2)
        case "changed": bad[good.count / 2] ^= 1
        default: bad.append(contentsOf: [1, 2, 3, 4, 5, 6, 7, 8])
        }
        try bad.write(to: file(folder, name))
        #expect(try values(cacheFolder: folder.path()) == wanted)
        #expect(folder.names == [name])
        #expect(try values(cacheFolder: folder.path()) == wanted)
        #expect(try Data(contentsOf: file(folder, name)) != bad)
    }

    @Test("A folder that cannot be made costs nothing but the time")
    func notWritable() throws {
        let folder = try TemporaryFolder()
        try Data("a file".utf8).write(to: file(folder, "file"))
        #expect(try values(cacheFolder: folder.path("file") + "/below").count == 2)
        #expect(try values(cacheFolder: "/proc/nothing").count == 2)
        #expect(folder.names == ["file"])
    }

    @Test("Starts at the same time in an empty folder all get the same bits and leave one file")
    func atOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path()
        let wanted = try values(cacheFolder: nil)
        try await withThrowingTaskGroup(of: [[Float]].self) { group in
            for _ in 0..<6 { group.addTask { try values(cacheFolder: path) } }
            for try await found in group { #expect(found == wanted) }
        }
        #expect(folder.names.count == 1)
    }

    @Test("Another shape of the input or another number of threads is another network")
    func settings() throws {
        let folder = try TemporaryFolder()
        let runtime = try OpenVINO(folder: TestFaces.runtimeFolder, cacheFolder: folder.path())
        _ = try runtime.load(Self.model, inputShape: nil, threadCount: 1)
        _ = try runtime.load(Self.model, inputShape: nil, threadCount: 2)
        _ = try runtime.load(Self.model, inputShape: [1, 192, 192, 3], threadCount: 1)
        #expect(folder.names.count == 3)
    }
}
