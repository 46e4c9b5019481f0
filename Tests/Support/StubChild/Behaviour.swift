import Foundation

/// What a stub does before it ends well, if it ends well.
enum Behaviour {
    /// - Parameter word: the name, with a value behind a colon where it takes one.
    static func run(_ word: String, plan: Data, outputPath: String) throws {
        let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
        let value = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "slow": slow(seconds: Double(value) ?? 1)
        case "until": wait(for: value)
        case "mark": mark(value)
        case "crash": crash()
        case "crashonce": if create(value) { crash() }
        case "hang": while true { sleep(60) }
        case "garbage":
            StubChild.say("this is no JSON")
            exit(0)
        case "silent": exit(0)
        case "say":
            StubChild.say(value)
            exit(0)
        case "leave": exit(7)
        case "refuse":
            StubChild.say(
                #"{"kind":"failure","failure":{"code":"\#(value)","message":"Told so.","#
                    + #""suggestion":"Turn by 40° – at most.","detail":"d"}}"#)
            exit(1)
        case "memory": takeMemory()
        case "flood": while true { FileHandle.standardOutput.write(Data(repeating: 0x78, count: 1 << 16)) }
        case "chatter":
            for _ in 0..<256 { FileHandle.standardError.write(Data(repeating: 0x78, count: 1 << 16)) }
        case "grandchild": startGrandchild(pidFile: value)
        default: exit(9)
        }
    }

    private static func slow(seconds: Double) {
        let steps = 20
        for step in 1...steps {
            usleep(UInt32(seconds / Double(steps) * 1_000_000))
            StubChild.sayProgress(Double(step) / Double(steps))
        }
    }

    private static func wait(for path: String) {
        StubChild.sayProgress(0.5)
        while access(path, F_OK) != 0 { usleep(10_000) }
    }

    /// Leaves the process's number in a file.
    private static func mark(_ path: String) {
        try? Data("\(getpid())".utf8).write(to: URL(fileURLWithPath: path))
    }

    private static func crash() -> Never {
        signal(SIGSEGV, SIG_DFL)
        raise(SIGSEGV)
        exit(8)
    }

    /// Whether the file was not there.
    private static func create(_ path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }

    private static func takeMemory() {
        while true {
            let size = 8 << 20
            let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            memset(block, 1, size)
        }
    }

    /// Leaves behind a process that holds the pipes.
    private static func startGrandchild(pidFile: String) {
        var identifier: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
        guard posix_spawnp(&identifier, "sleep", nil, nil, &words, environ) == 0 else { exit(9) }
        try? Data("\(identifier)".utf8).write(to: URL(fileURLWithPath: pidFile))
    }
}
