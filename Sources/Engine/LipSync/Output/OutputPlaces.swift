import Foundation
import Media

/// Refuses outputs that would replace something else than an earlier output: an input, another output of the same work, a
/// device, a pipe, a link.
public enum OutputPlaces {
    /// One output of a piece of work.
    public struct Place: Sendable {
        /// Where it is written.
        public var path: String
        /// What the user calls it, such as `--out`.
        public var name: String
        /// Whether it is written from beginning to end, so that a pipe or `/dev/null` may take it.
        public var isStream: Bool

        public init(_ path: String, name: String, isStream: Bool = false) {
            self.path = path
            self.name = name
            self.isStream = isStream
        }
    }

    /// What tells files apart, however they are called: device and inode, and the name of one that does not exist yet in
    /// the folder that it will be in.
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
        var name = ""
    }

    /// Looks at every output before any work is done.
    ///
    /// - Parameter inputs: Paths of files that are read; those that do not exist are passed over.
    /// - Throws: `MediaError` of code `outputUnwritable` about the first output that would replace what it must not.
    public static func check(_ outputs: [Place], inputs: [String]) throws {
        let read = Set(inputs.filter { !$0.isEmpty }.compactMap { identity(of: $0, followsLinks: true) })
        var written: [Identity: String] = [:]
        for output in outputs {
            try checkKind(output)
            guard let identity = identity(of: output.path, followsLinks: output.isStream) else { continue }
            if read.contains(identity) {
                throw unwritable(
                    "\(output.name) is one of the inputs.", "Name another file; the input would be lost.", output)
            }
            if let other = written.updateValue(output.name, forKey: identity), !isStream(output) {
                throw unwritable("\(output.name) and \(other) are the same file.", "Name two files.", output)
            }
        }
    }

    /// The open file that a path such as `/dev/stdout` stands for; nil for other paths.
    public static func openFile(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
                return Int32(path.dropFirst(folder.count))
            }
            return nil
        }
    }

    /// Whether the path leads to a pipe, a terminal or another thing that is written to and not replaced.
    public static func isStream(_ output: Place) -> Bool {
        var status = stat()
        guard output.isStream, stat(output.path, &status) == 0 else { return false }
        if openFile(output.path) != nil { return true }
        return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
            && status.st_mode & S_IFMT != S_IFBLK
    }

    static func checkKind(_ output: Place) throws {
        var status = stat()
        guard lstat(output.path, &status) == 0, !isStream(output) else { return }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR:
            throw unwritable(
                "\(output.name) is a folder.", "Name a file, such as \(output.path)/out.mp4.", output)
        case S_IFLNK:
            throw unwritable("\(output.name) is a symbolic link.", "Name the file that it leads to.", output)
        default:
            throw unwritable("\(output.name) is a device or a pipe, and no file.", "Name a file.", output)
        }
    }

    private static func identity(of path: String, followsLinks: Bool) -> Identity? {
        var status = stat()
        if (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 {
            return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        }
        let url = URL(fileURLWithPath: path)
        guard stat(url.deletingLastPathComponent().path, &status) == 0 else { return nil }
        return Identity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), name: url.lastPathComponent)
    }

    private static func unwritable(_ message: String, _ suggestion: String, _ output: Place) -> MediaError {
        MediaError(code: .outputUnwritable, message: message, suggestion: suggestion, detail: output.path)
    }
}

extension RenderPlan {
    /// Every file that the work reads.
    public var inputPaths: [String] { [videoPath] + parts.map(\.audioPath) }

    /// Every file that it writes.
    public var outputPlaces: [OutputPlaces.Place] {
        [OutputPlaces.Place(outputPath, name: "The output")]
            + (segmentOutputPath.map { [OutputPlaces.Place($0, name: "The output of the part")] } ?? [])
    }
}

extension AnimationPlan {
    /// Every file that the work reads.
    public var inputPaths: [String] { pictures.map(\.path) + [audioPath, drivePath].compactMap { $0 } }

    /// Every file that it writes.
    public var outputPlaces: [OutputPlaces.Place] { [OutputPlaces.Place(outputPath, name: "The output")] }
}
