import Foundation
import Media

/// An output that is written beside its place and moved there when it is whole.
package struct PendingFile {
    package let path: String
    package let temporaryPath: String

    /// - Throws: `MediaError` of code `outputUnwritable` when the folder cannot be written to.
    package init(_ path: String) throws {
        self.path = path
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        try OutputPlaces.checkKind(OutputPlaces.Place(path, name: "The output"))
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw Self.unwritable("The output's folder does not exist.", "Create it, or choose another output.")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw Self.unwritable("The output's folder cannot be written to.", "Choose another output.")
        }
        temporaryPath = folder + "/.\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part.mp4"
    }

    /// Moves the finished file to its place, replacing what is there.
    package func publish() throws {
        do {
            // Somebody may have put something else there meanwhile.
            try OutputPlaces.checkKind(OutputPlaces.Place(path, name: "The output"))
        } catch {
            discard()
            throw error
        }
        guard rename(temporaryPath, path) == 0 else {
            let detail = String(cString: strerror(errno))
            discard()
            throw MediaError(
                code: .outputUnwritable, message: "The output could not be moved to its place.",
                suggestion: "Choose another output.", detail: detail)
        }
    }

    /// Moves a finished output and what goes with it to their places, the output last.
    static func publish(_ output: PendingFile, _ segmentOutput: PendingFile?, _ cancellation: Cancellation) throws {
        if cancellation.isCancelled {
            output.discard()
            segmentOutput?.discard()
            throw RenderFailure.cancelled
        }
        do { try segmentOutput?.publish() } catch {
            output.discard()
            throw error
        }
        try output.publish()
    }

    /// Removes what was written beside the place.
    func discard() { try? FileManager.default.removeItem(atPath: temporaryPath) }

    private static func unwritable(_ message: String, _ suggestion: String) -> MediaError {
        MediaError(code: .outputUnwritable, message: message, suggestion: suggestion, detail: "")
    }
}
