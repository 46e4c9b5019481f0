import Foundation

/// Compiled networks on disk, so that a process that starts does not compile again what another has compiled.
///
/// The cache is optional: a folder that cannot be written and a file that is damaged only cost the time of compiling.
/// Several processes may use one folder: files are written beside it and renamed, and read into memory completely. The
/// runtime's own cache maps its files instead, and crashes when one is truncated meanwhile.
struct CompiledModelCache: Sendable {
    /// The environment variable that names another folder; an empty value switches the cache off.
    static let setting = "LIPSMITH_CACHE"

    private let folder: String

    init(folder: String) { self.folder = folder }

    /// The cache in the user's folder for caches, as the XDG base directory specification names it; `nil` without one.
    static func standard(environment: [String: String] = ProcessInfo.processInfo.environment) -> CompiledModelCache? {
        if let folder = environment[setting] { return folder.isEmpty ? nil : CompiledModelCache(folder: folder) }
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
            return CompiledModelCache(folder: folder + "/lipsmith")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return CompiledModelCache(folder: home + "/.cache/lipsmith")
    }

    /// The name of a compiled network: what it was made of, by which runtime and for which processor.
    ///
    /// - Parameter settings: Everything else that compiling depends on.
    static func name(model: Data, settings: [String]) -> String {
        var checksum = Checksum()
        checksum.add(model)
        for text in settings + [processor] { checksum.add(Data((text + "\n").utf8)) }
        return String(checksum.value, radix: 16) + ".compiled"
    }

    /// The content that was stored under a name, or `nil` where there is none or a damaged one.
    func read(_ name: String) -> Data? {
        guard let stored = FileManager.default.contents(atPath: folder + "/" + name),
            stored.count > Checksum.byteCount
        else { return nil }
        let content = stored.dropLast(Checksum.byteCount)
        return Checksum(of: content).bytes == stored.suffix(Checksum.byteCount) ? content : nil
    }

    /// Stores a compiled network under a name; a failure is ignored.
    func write(_ name: String, _ content: Data) {
        // Without the file the next start compiles again.
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? (content + Checksum(of: content).bytes).write(
            to: URL(fileURLWithPath: folder + "/" + name), options: .atomic)
    }

    /// The lines of `/proc/cpuinfo` that compiled code depends on; those that state the present clock rate are left
    /// out.
    private static let processor: String = {
        let kept = [
            "vendor_id", "cpu family", "model", "model name", "stepping", "flags", "CPU implementer", "CPU part",
            "CPU variant", "CPU revision", "Features",
        ]
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let first = text.split(separator: "\n\n", maxSplits: 1).first ?? ""
        return first.split(separator: "\n").filter { line in
            kept.contains(line.prefix { $0 != ":" }.trimmingCharacters(in: .whitespaces))
        }.joined(separator: "\n")
    }()
}

/// The hash of Fowler, Noll and Vo (FNV-1a, 64 bits, with its published offset and prime). It detects damage, not
/// manipulation.
private struct Checksum {
    /// Bytes of a checksum in a file.
    static let byteCount = 8

    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    init() {}

    init(of data: Data) { add(data) }

    mutating func add(_ data: Data) {
        data.withUnsafeBytes { bytes in
            for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
    }

    var bytes: Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
}
