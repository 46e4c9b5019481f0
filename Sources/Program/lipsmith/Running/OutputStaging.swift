import Foundation
import LipSync
import Provenance

/// Outputs between being written and appearing: they are written beside their places, signed, and moved there together.
/// Where nothing is signed, they are written to their places at once.
final class OutputStaging {
    private let sealer: Sealer?
    private let places: [String]
    /// One for each place, beside it; none where nothing is signed.
    private let folders: [String]
    /// The largest output, in bytes.
    private static let fileBytes: Int64 = 1 << 40

    init(_ places: [String], sealer: Sealer?) throws {
        self.places = places
        self.sealer = sealer
        guard sealer != nil else {
            folders = []
            return
        }
        let word = UUID().uuidString.prefix(8)
        var made: [String] = []
        for (number, place) in places.enumerated() {
            let parent = URL(fileURLWithPath: place).deletingLastPathComponent().path
            let folder = "\(parent)/.lipsmith-\(word)-\(number)"
            StagedFolders.add(folder)
            // Only what is asked for is made: a folder that is not there was misspelt.
            guard mkdir(folder, 0o700) == 0, mkdir(folder + "/output", 0o700) == 0,
                mkdir(folder + "/unsigned", 0o700) == 0
            else {
                let detail = "\(folder): \(String(cString: strerror(errno)))"
                for folder in made + [folder] { StagedFolders.remove(folder) }
                throw RenderFailure(
                    .outputUnwritable, message: "The output's folder does not exist, or cannot be written to.",
                    suggestion: "Choose another place.", detail: detail)
            }
            made.append(folder)
        }
        folders = made
    }

    /// Removes what has not appeared.
    deinit { for folder in folders { StagedFolders.remove(folder) } }

    /// Where an output is to be written.
    func path(of place: String) -> String {
        guard sealer != nil, let number = places.firstIndex(of: place) else { return place }
        return Self.unsigned(folders[number], place)
    }

    /// Signs the outputs, then lets them appear, those behind the first one first.
    ///
    /// - Parameter manifest: What is said of an output, by its place; the files that it names must still be there.
    func publish(_ manifest: (String) -> ManifestDraft) throws {
        guard let sealer else { return }
        var sealed: [(path: String, place: String)] = []
        for (folder, place) in zip(folders, places).reversed() {
            let unsigned = Self.unsigned(folder, place)
            // A part without frames has no video of its own.
            guard access(unsigned, F_OK) == 0 else { continue }
            let draft = manifest(place)
            let path = "\(folder)/output/sealed"
            let order = draft.order(path: unsigned, sealedPath: path)
            let sources = draft.sources.compactMap { source in
                source.path.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
            }
            _ = try AsyncCommand.run {
                try await sealer.seal([order], in: folder, readable: sources, fileBytes: Self.fileBytes)
            }
            guard Self.setMode(of: path, place: place) else { throw Self.unmovable(path) }
            sealed.append((path, place))
        }
        for (path, place) in sealed {
            guard rename(path, place) == 0 else { throw Self.unmovable(place) }
        }
    }

    /// Lets a file be read by whom an older one in its place was, otherwise by whom the process's mask says.
    ///
    /// - Returns: `false` for what is no file: a child that a stranger's file has taken over may have left a link.
    private static func setMode(of path: String, place: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var (status, older) = (stat(), stat())
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        let mode = lstat(place, &older) == 0 ? older.st_mode & 0o777 : 0o666 & ~mask
        return fchmod(descriptor, mode) == 0
    }

    private static func unmovable(_ detail: String) -> RenderFailure {
        RenderFailure(
            .outputUnwritable, message: "The output could not be moved to its place.",
            suggestion: "Choose another output.", detail: "\(detail): \(String(cString: strerror(errno)))")
    }

    private static func unsigned(_ folder: String, _ place: String) -> String {
        "\(folder)/unsigned/\(URL(fileURLWithPath: place).lastPathComponent)"
    }

    private static let mask: mode_t = {
        let mask = umask(0)
        umask(mask)
        return mask
    }()
}
