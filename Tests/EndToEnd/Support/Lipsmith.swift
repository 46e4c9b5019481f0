import Foundation
import TestSupport

/// The built program, run as a user runs it.
enum Lipsmith {
    /// Beside the test bundle, where the build leaves it.
    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("lipsmith").path
    }()

    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Program {
        // A setting of whoever runs the tests must not reach the program.
        let clean = environment.merging(
            ["LIPSMITH_DEBUG": "1", "XDG_CONFIG_HOME": TemporaryFolder.shared.path("settings")]) { first, _ in first }
        return try Program.run(path, arguments, environment: clean)
    }

    /// Runs `sync` with small effort for the encoder.
    static func sync(_ video: String, _ audio: String, out: String, _ more: [String] = []) throws -> Program {
        try run(["sync", "--video", video, "--audio", audio, "--out", out, "--preset", "ultrafast"] + more)
    }
}

/// One line of `--json`.
struct Event: Decodable {
    struct Report: Decodable {
        struct Warning: Decodable { var code: String }
        struct Output: Decodable {
            var frames: Int
            var width: Int
            var height: Int
        }
        struct Gap: Decodable, Equatable {
            var firstFrame: Int
            var lastFrame: Int
            var reason: String
        }
        struct Face: Decodable {
            var identity: Int
            var isSpeaker: Bool
            var frames: Int
        }
        struct Part: Decodable {
            var firstFrame: Int
            var frames: Int
            var speakers: [Int]
        }
        var output: Output
        var parts: [Part]
        var sourceFrames: Int
        var framesWithFace: Int
        var framesDrawn: Int
        var gaps: [Gap]
        var faces: [Face]
        var warnings: [Warning]
    }

    var event: String
    var stage: String?
    var fraction: Double?
    var code: String?
    var message: String?
    var suggestion: String?
    var report: Report?

    /// All lines of an output. Each must be an object of its own.
    static func all(_ output: String) throws -> [Event] {
        try output.split(separator: "\n").map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
    }
}
