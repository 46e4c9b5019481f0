import Foundation

/// Programs that the build leaves beside the test bundle.
enum TestPrograms {
    static let stubChild = path("StubChild")
    static let workerNode = path("WorkerNode")
    static let lipsmith = path("lipsmith")

    private static func path(_ name: String) -> String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
