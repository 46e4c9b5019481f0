import Foundation
package import Generations
package import LipSync
import Queues
import Text

/// What this process's jobs have found out about their files, for later jobs of the same organisation with the same
/// files: the parts of a batch look at the same picture and hear the same voice.
///
/// What one job left goes to no other organisation, since a child that a stranger's file has taken over could have
/// written it. The files lie in the process's working folder and go with it; a limit bounds them.
package actor AnalysisCache {
    /// A file that a child is asked to write.
    package struct Promise: Sendable {
        fileprivate let name: String
        fileprivate let path: String
    }

    private static let entryLimit = 256
    /// Of one file, and of all together, in bytes.
    private static let (fileLimit, byteLimit) = (16 << 20, 64 << 20)
    /// Larger files are looked at anew rather than read twice.
    private static let contentLimit = 32 << 20

    private let folder: String
    /// The names of what lies here, the least recently used first.
    private var names: [String] = []
    private var byteCounts: [String: Int] = [:]
    private var summaries: [String: MediaSummary] = [:]
    private var summaryNames: [String] = []

    /// Makes an empty cache.
    ///
    /// - Parameter folder: Does not exist; where it cannot be made, nothing is ever known.
    package init(folder: String) {
        self.folder = folder
        mkdir(folder, 0o700)
    }

    /// A name for a file's content; nil for one that is too large.
    package static func digest(of path: String) async -> String? {
        try? await BlockingWork.run {
            guard let file = FileHandle(forReadingAtPath: path) else { return nil }
            defer { try? file.close() }
            guard let data = try file.read(upToCount: contentLimit), data.count < contentLimit else { return nil }
            return Hexadecimal.encode(Digest.sha256(data))
        }
    }

    // MARK: What files are

    /// What an earlier look into a file has found.
    package func summary(of digest: String, owner: OrganisationID) -> MediaSummary? { summaries["\(owner) \(digest)"] }

    /// Remembers what a file is.
    package func keep(_ summary: MediaSummary, of digest: String, owner: OrganisationID) {
        let name = "\(owner) \(digest)"
        if summaries.updateValue(summary, forKey: name) == nil { summaryNames.append(name) }
        if summaryNames.count > Self.entryLimit { summaries[summaryNames.removeFirst()] = nil }
    }

    // MARK: What is in them

    /// A plan that names what is known, and asks for what is not.
    ///
    /// - Parameters:
    ///   - inputs: The plan's files and what their contents are called.
    ///   - folder: The attempt's own.
    package func prepare(
        _ plan: AnimationPlan, _ inputs: ResolvedInputs, owner: OrganisationID, folder: String
    ) -> (AnimationPlan, [Promise]) {
        var plan = plan
        var promises: [Promise] = []
        var digests: [String: String] = [:]
        for medium in inputs.pictures + Array(inputs.voices.values) { digests[medium.path] = medium.digest }
        func analysis(_ path: String, _ what: String) -> KnownAnalysis? {
            guard let digest = digests[path] else { return nil }
            let name = Hexadecimal.encode(Digest.sha256("\(owner) \(what) \(digest)".utf8))
            let known = "\(folder)/\(name)"
            if names.contains(name), link("\(self.folder)/\(name)", known) == 0 || errno == EEXIST {
                names.removeAll { $0 == name }
                names.append(name)
                return KnownAnalysis(path: known)
            }
            let written = "\(folder)/output/\(name)"
            if !promises.contains(where: { $0.name == name }) { promises.append(Promise(name: name, path: written)) }
            return KnownAnalysis(outputPath: written)
        }
        for index in plan.pictures.indices { plan.pictures[index].faces = analysis(plan.pictures[index].path, "faces") }
        if let path = plan.audioPath {
            let range = plan.audioRange.map { "\($0.startSeconds) \($0.endSeconds)" } ?? "all"
            plan.speech = analysis(path, "speech \(range)")
        }
        return (plan, promises)
    }

    /// Takes what a child has written.
    package func keep(_ promises: [Promise]) {
        for promise in promises where !names.contains(promise.name) {
            guard let size = ChildFile.byteCount(promise.path), size < Self.fileLimit,
                rename(promise.path, "\(folder)/\(promise.name)") == 0
            else { continue }
            names.append(promise.name)
            byteCounts[promise.name] = size
            while names.count > Self.entryLimit || byteCounts.values.reduce(0, +) > Self.byteLimit {
                let oldest = names.removeFirst()
                byteCounts[oldest] = nil
                unlink("\(folder)/\(oldest)")
            }
        }
    }
}
