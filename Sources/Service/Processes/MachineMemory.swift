import Foundation

/// How much memory the machine, or the group of processes that this one belongs to, has left.
package enum MachineMemory {
    /// Bytes that can be had without swapping, as the kernel estimates; `nil` where it does not say.
    ///
    /// Reads files of the kernel, which wait for no disk.
    package static func availableBytes() -> Int64? {
        var least = text("/proc/meminfo").flatMap(availableBytes(inMeminfo:))
        // Limits stand at the process's own group or at any above it.
        var path = text("/proc/self/cgroup").flatMap(groupPath(inCgroup:)) ?? ""
        while true {
            if let bytes = availableBytes(inGroup: "/sys/fs/cgroup" + path) { least = min(least ?? bytes, bytes) }
            guard let slash = path.lastIndex(of: "/") else { return least }
            path = String(path[..<slash])
        }
    }

    private static func availableBytes(inGroup folder: String) -> Int64? {
        guard let most = text(folder + "/memory.max").flatMap(number),
            let used = text(folder + "/memory.current").flatMap(number)
        else { return nil }
        // Cached files count as used and are given back when they are needed.
        let cached = text(folder + "/memory.stat").flatMap { value("inactive_file", in: $0) } ?? 0
        return max(0, most - used + cached)
    }

    /// `MemAvailable` of `/proc/meminfo`, in bytes.
    package static func availableBytes(inMeminfo text: String) -> Int64? {
        value("MemAvailable:", in: text).map { $0 * 1024 }
    }

    /// The path of the process's group in the second hierarchy of `/proc/self/cgroup`.
    package static func groupPath(inCgroup text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) }
    }

    private static func value(_ name: String, in text: String) -> Int64? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count >= 2, words[0] == name { return Int64(words[1]) }
        }
        return nil
    }

    private static func number(_ text: String) -> Int64? { Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)) }

    private static func text(_ path: String) -> String? {
        // Files of the kernel have no length to read up to.
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
