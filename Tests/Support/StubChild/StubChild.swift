import Foundation
import LipSync
import Sandbox

/// Stands in for `lipsmith render` and `lipsmith probe` where a test wants a child that behaves badly.
///
/// The "media" are texts: `video 1.5 crash` is a video of 1.5 seconds whose render crashes. The "output" is the task. Of a
/// divided job `section-1!crash` crashes in the second section alone.
@main
struct StubChild {
    static func main() throws {
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let real = getenv("STUB_REAL"), ["probe", "render"].contains(arguments.first) {
            try RealMedia.handOn(to: String(cString: real), arguments)
        }
        switch arguments.first {
        case "probe":
            try confine(arguments)
            probe(String(decoding: input(), as: UTF8.self))
        case "render":
            try confine(arguments)
            try render(input())
        case "attempt":
            let files =
                arguments.count > 2 ? SandboxFiles(readable: [arguments[2]], writable: [arguments[2] + "/output"]) : nil
            try Sandbox.enter(SandboxLimits(), files: files, parent: nil)
            ForbiddenActs.run(arguments[1], folder: arguments.count > 2 ? arguments[2] : "")
        // Without confinement: what a child's own process group is good for.
        case "behave": try Behaviour.run(arguments[1], plan: Data(), outputPath: "/dev/null")
        default: exit(2)
        }
    }

    private static func confine(_ arguments: [String]) throws {
        func number(_ name: String) -> Int64? {
            arguments.firstIndex(of: name).flatMap { Int64(arguments[$0 + 1]) }
        }
        var limits = SandboxLimits()
        if let memory = number("--memory-bytes") { limits.memoryBytes = memory }
        try Sandbox.enter(limits, parent: number("--parent").map(Int32.init))
    }

    private static func input() -> Data { RealMedia.input ?? FileHandle.standardInput.readDataToEndOfFile() }

    static func words(of path: String) -> [String] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: " ").map(String.init)
    }

    private static func probe(_ path: String) {
        let words = words(of: path)
        guard words.count >= 2, let seconds = Double(words[1]) else {
            say(
                #"{"kind":"failure","failure":{"code":"media.unreadable-video","message":"No medium.","suggestion":"","detail":""}}"#
            )
            exit(1)
        }
        if words[0] == "video" {
            say(
                #"{"kind":"result","media":{"kind":"video","format":"mp4","byteCount":9,"durationSeconds":\#(seconds),"#
                    + #""width":320,"height":240,"framesPerSecond":25,"hasSound":true,"soundSeconds":\#(seconds)}}"#)
        } else if words[0] == "image" {
            say(
                #"{"kind":"result","media":{"kind":"image","format":"png","byteCount":9,"width":320,"height":240,"#
                    + #""hasSound":false}}"#)
        } else {
            say(
                #"{"kind":"result","media":{"kind":"audio","format":"wav","byteCount":9,"durationSeconds":\#(seconds),"#
                    + #""hasSound":true,"soundSeconds":\#(seconds)}}"#)
        }
    }

    private static func render(_ input: Data) throws {
        let task = try JSONDecoder().decode(EngineTask.self, from: input)
        if case .step(let task) = task { return try StubStep(task).run(input) }
        for behaviour in words(of: task.visualPath).dropFirst(2) where !behaviour.contains("!") {
            try Behaviour.run(behaviour, plan: input, outputPath: task.outputPath)
        }
        try input.write(to: URL(fileURLWithPath: task.outputPath))
        var segmentPath: String?
        if case .sync(let plan) = task { segmentPath = plan.segmentOutputPath }
        if let segmentPath { try input.write(to: URL(fileURLWithPath: segmentPath)) }
        sayResult(hasSegment: segmentPath != nil)
    }

    static func sayProgress(_ fraction: Double) {
        say(#"{"kind":"progress","progress":{"stage":"rendering","fraction":\#(fraction),"framesPerSecond":1}}"#)
    }

    static func sayResult(hasSegment: Bool) {
        let output =
            #"{"frames":25,"frameRate":{"numerator":25,"denominator":1},"durationSeconds":1,"width":320,"height":240}"#
        say(#"{"kind":"result","output":\#(output)\#(hasSegment ? ",\"segmentOutput\":\(output)" : "")}"#)
    }

    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
