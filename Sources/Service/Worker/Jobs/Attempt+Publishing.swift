import Foundation
import Generations
import LipSync
import Provenance
import Queues
import Text
import Time

/// Signs what an attempt has made, and stores it.
extension Attempt {
    private func adopt(_ path: String, _ name: String) async throws -> BlobFacts {
        try await parts.blobs.adopt(path: path, as: .output(generation.id, fence: fence, name: name))
    }

    private var sealing: OutputSealing {
        OutputSealing(sealer: parts.sealer, fileBytes: parts.configuration.limits.childFileBytes)
    }

    /// What outputs of this job say beside what their tasks say.
    private func stated(_ name: String, reportPath: String? = nil) async throws -> OutputFactsToState {
        let request = generation.request
        var facts = OutputFactsToState(
            version: parts.configuration.version, title: request.title ?? request.outputFileName ?? name)
        facts.model = request.model
        facts.generation = generation.id.rawValue
        facts.consent = request.consent
        facts.voice =
            request.inputs.lazy.compactMap { input in
                if case .script(let speech) = input.source { speech.voiceID } else { nil }
            }.first
        if let reportPath {
            let report = await BlockingWork.run { FileManager.default.contents(atPath: reportPath) }
            facts.reportDigest = report.map { Hexadecimal.encode(Digest.sha256($0)) }
        }
        return facts
    }

    /// Signs files, stores them, and gives what is to be remembered of them beside their facts.
    private func store(
        _ outputs: [OutputSealing.Output], in folder: String, fingerprint: [UInt64] = []
    ) async throws -> [(facts: BlobFacts, record: OutputRecord?)] {
        let paths = try await sealing.seal(outputs, in: folder)
        var stored: [(BlobFacts, OutputRecord?)] = []
        for (path, output) in zip(paths, outputs) {
            let facts = try await adopt(path, output.name)
            let record = facts.key.digest.map { digest in
                OutputRecord(
                    digest: Hexadecimal.encode(digest), generation: generation.id,
                    organisation: generation.organisation, createdAt: parts.clock.now,
                    contentType: output.manifest.contentType, watermark: output.manifest.watermark,
                    fingerprint: output.name == Self.videoName ? fingerprint : [])
            }
            stored.append((facts, record))
        }
        return stored
    }

    private static let videoName = "output.mp4"
    private static let segmentName = "segment.mp4"
    private static let thumbnailName = "thumbnail.jpg"

    private static func thumbnail(_ path: String, of manifest: ManifestDraft) -> OutputSealing.Output {
        OutputSealing.Output(path: path, name: thumbnailName, manifest: manifest.ofThumbnail)
    }

    func publish(_ medium: ProcessedMedium, in folder: String) async throws -> Product {
        var outputs: [OutputSealing.Output] = []
        if let origin = medium.origin {
            var facts = try await stated(medium.name)
            if case .speech(let voice) = origin { facts.voice = voice }
            let format = medium.name.split(separator: ".").last.map(String.init)
            let contentType = (generation.request.outputKind ?? .audio).contentType(ofFormat: format)
            outputs.append(
                OutputSealing.Output(
                    path: medium.path, name: medium.name,
                    manifest: ManifestDraft(origin, contentType: contentType, facts)))
        }
        if let path = medium.thumbnailPath, let manifest = outputs.first?.manifest {
            outputs.append(Self.thumbnail(path, of: manifest))
        }
        let stored = try await store(outputs, in: folder)
        let blob: BlobFacts
        // A sample from which a voice was made is the user's own file.
        if let first = stored.first?.facts { blob = first } else { blob = try await adopt(medium.path, medium.name) }
        var facts = OutputFacts(
            blob: blob.key, durationSeconds: medium.durationSeconds, width: medium.width, height: medium.height,
            byteCount: blob.byteCount, frameCount: medium.frameCount)
        facts.thumbnailBlob = stored.dropFirst().first?.facts.key
        var product = Product(
            facts: facts, assets: promisedAssets(facts), records: stored.prefix(1).compactMap(\.record))
        product.voice = medium.voice.map {
            ClonedVoice(
                id: $0.id, organisation: generation.organisation, name: $0.name, sample: nil,
                createdAt: parts.clock.now, asset: generation.outputAsset)
        }
        return product
    }

    func publish(
        _ task: EngineTask, _ files: RenderedFiles, in folder: String, speech: LocalMedium?,
        kept: [AssetID: LocalMedium]
    ) async throws -> Product {
        let stated = try await stated(Self.videoName, reportPath: files.reportPath)
        let manifest = ManifestDraft(task, contentType: "video/mp4", stated)
        var outputs: [OutputSealing.Output] = []
        if let speech {
            let contentType = MediaKind.audio.contentType(ofFormat: speech.summary.format)
            outputs.append(
                OutputSealing.Output(
                    path: speech.path, name: "speech.\(speech.summary.format)",
                    manifest: ManifestDraft(
                        .speech(voice: stated.voice ?? "dubbed"), contentType: contentType, stated)))
        }
        outputs.append(OutputSealing.Output(path: task.outputPath, name: Self.videoName, manifest: manifest))
        if let path = task.segmentOutputPath, files.segment != nil {
            outputs.append(OutputSealing.Output(path: path, name: Self.segmentName, manifest: manifest))
        }
        if let path = files.thumbnailPath {
            outputs.append(Self.thumbnail(path, of: manifest))
        }
        let stored = try await store(outputs, in: folder, fingerprint: files.fingerprint)
        let published = Dictionary(uniqueKeysWithValues: zip(outputs.map(\.name), stored.map(\.facts)))
        func key(_ name: String) -> BlobKey? { published[name]?.key }
        guard let video = published[Self.videoName] else { throw ChildFailure.senseless }
        let output = files.output
        var facts = OutputFacts(
            blob: video.key, durationSeconds: output.durationSeconds, width: output.width,
            height: output.height, byteCount: video.byteCount, frameCount: output.frames)
        facts.segmentBlob = key(Self.segmentName)
        if let speech {
            facts.speechBlob = key("speech.\(speech.summary.format)")
            facts.speechSeconds = speech.summary.soundSeconds
        }
        facts.thumbnailBlob = key(Self.thumbnailName)
        if let path = files.reportPath { facts.reportBlob = try await adopt(path, "report.json").key }
        let records = zip(outputs, stored).compactMap { $0.name == Self.thumbnailName ? nil : $1.record }
        return Product(facts: facts, assets: promisedAssets(facts) + (try await keep(kept)), records: records)
    }

    /// Makes assets of fetched contents that the interface shows afterwards.
    private func keep(_ contents: [AssetID: LocalMedium]) async throws -> [Asset] {
        var assets: [Asset] = []
        for (id, medium) in contents {
            let blob = try await parts.blobs.copy(medium.path)
            var asset = Asset(
                id: id, organisation: generation.organisation, createdAt: parts.clock.now, name: "keyframe",
                kind: .image, origin: .url, blob: blob.key)
            asset.take(MediaFacts(medium.summary))
            assets.append(asset)
        }
        return assets
    }

    private func promisedAssets(_ facts: OutputFacts) -> [Asset] {
        let request = generation.request
        guard let id = generation.outputAsset, let kind = request.outputKind else { return [] }
        var made = Asset(
            id: id, organisation: generation.organisation, createdAt: parts.clock.now,
            name: request.title ?? request.outputFileName ?? id.rawValue, kind: kind,
            origin: request.kind == .speech ? .speech : .extract, blob: facts.blob,
            thumbnailBlob: facts.thumbnailBlob, byteCount: facts.byteCount, generation: generation.id)
        made.format = facts.blob.rawValue.split(separator: ".").last.map(String.init)
        if kind != .image { made.durationSeconds = facts.durationSeconds }
        if kind != .audio { (made.width, made.height) = (facts.width, facts.height) }
        guard let speech = request.speechAsset, let blob = facts.speechBlob else { return [made] }
        return [
            made,
            Asset(
                id: speech, organisation: generation.organisation, createdAt: parts.clock.now, name: "speech.wav",
                kind: .audio, origin: .speech, blob: blob, format: "wav", durationSeconds: facts.speechSeconds,
                generation: generation.id),
        ]
    }
}
