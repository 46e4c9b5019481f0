import Foundation
import Generations

/// A file that a child has left. The child may have been taken over by a stranger's file, and have left something else there.
enum ChildFile {
    /// Its size in bytes; `nil` where there is no file, or a link to another one.
    static func byteCount(_ path: String) -> Int? {
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG ? facts.st_size : nil
    }

    /// Copies it to a place where no child can write, and removes it.
    ///
    /// - Throws: `ChildFailure.senseless` where there is no file; `StoreError` where it cannot be copied.
    static func take(_ path: String, to copy: String) throws {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0, byteCount(path) != nil else {
            if descriptor >= 0 { close(descriptor) }
            throw ChildFailure.senseless
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard FileManager.default.createFile(atPath: copy, contents: nil),
            let target = FileHandle(forWritingAtPath: copy)
        else { throw StoreError(code: .unavailable, detail: "create \(copy)") }
        do {
            while let block = try file.read(upToCount: 1 << 20), !block.isEmpty { try target.write(contentsOf: block) }
            try target.close()
        } catch {
            throw StoreError(code: .unavailable, detail: "copy \(path): \(error)")
        }
        unlink(path)
    }
}
