import ChildProtocol
import Foundation
package import Generations
package import LipSync
import Queues

/// A medium as a file of this machine.
package struct LocalMedium: Hashable, Sendable {
    /// The file; only to be read.
    package var path: String
    /// What it is.
    package var summary: MediaSummary
    /// A name for its content, for a content that was sent by somebody and is not too large.
    package var digest: String?
    /// Where the content lies in the blob store, where it came from there.
    package var blob: BlobKey?

    /// Names a file of which is known what it is.
    package init(path: String, summary: MediaSummary, digest: String? = nil, blob: BlobKey? = nil) {
        self.digest = digest
        self.blob = blob
        self.path = path
        self.summary = summary
    }
}

/// Everything that a request names, as files of this machine.
package struct ResolvedInputs: Sendable {
    /// The video or picture.
    package var visual: LocalMedium
    /// The sounds by their positions in the request's inputs.
    package var voices: [Int: LocalMedium]
    /// The sound that was made of a text or by dubbing, if there is exactly one.
    package var speech: LocalMedium?
    /// The boxes behind addresses.
    package var boxes: [String: [SpeakerBox?]]
    /// The pictures of an animation in their order; the first is `visual`.
    package var pictures: [LocalMedium]
    /// The video whose movement is transferred.
    package var driving: LocalMedium?
    /// Fetched contents that become assets.
    package var kept: [AssetID: LocalMedium] = [:]

    package init(
        visual: LocalMedium, voices: [Int: LocalMedium], speech: LocalMedium? = nil,
        boxes: [String: [SpeakerBox?]] = [:], pictures: [LocalMedium] = [], driving: LocalMedium? = nil
    ) {
        self.pictures = pictures
        self.driving = driving
        self.visual = visual
        self.voices = voices
        self.speech = speech
        self.boxes = boxes
    }
}

/// Turns what a request names into files in the attempt's folder.
struct InputResolver: Sendable {
    let fetcher: InputFetcher
    let children: MediaChildren
    let voices: (any VoiceProvider)?
    let analyses: AnalysisCache

    /// What a report tells of the texts that are spoken.
    func notes(on request: GenerationRequest) async -> [TextNote] {
        let scripts = request.inputs.compactMap { input in
            if case .script(let script) = input.source { script } else { nil }
        }
        guard !scripts.isEmpty else { return [] }
        let known = (try? await voices?.ownVoices()) ?? []
        return scripts.map { script in
            TextNote(
                script.script, voice: script.voiceID, language: known.first { $0.id == script.voiceID }?.language)
        }
    }

    /// Fetches, opens, speaks and looks into everything.
    ///
    /// - Throws: `JobFailure`, `ChildFailure`, `StoreError`; `CancellationError` if the task was cancelled.
    func resolve(
        _ request: GenerationRequest, organisation: OrganisationID, folder: String
    ) async throws -> ResolvedInputs {
        let dub = request.lipSync?.dub
        guard let visual = request.inputs.firstIndex(where: { $0.role == .visual || $0.role == .reference }) else {
            throw JobFailure(.visualMissing)
        }
        let speaks = request.inputs.contains { if case .script = $0.source { true } else { false } }
        guard voices != nil || (!speaks && dub == nil) else {
            let what = speaks ? "Text cannot be spoken" : "Dubbing is not offered"
            throw JobFailure(.notOffered, "\(what) here; send a sound.")
        }
        let names = Self.fileNames(of: request, visual: visual)
        let media = try await media(request.inputs, names: names, organisation: organisation, in: folder)
        guard let video = media[visual] else { throw JobFailure(.visualMissing) }
        var resolved = ResolvedInputs(visual: video, voices: [:])
        if request.kind == .photoAnimation { resolved.pictures = [video] }
        for (index, input) in request.inputs.enumerated() where input.role != .voice {
            guard let medium = media[index] else { continue }
            try check(medium, is: input.kind)
            if input.role == .driving {
                resolved.driving = medium
                continue
            }
            if index != visual { resolved.pictures.append(medium) }
            if let kept = input.keptAs { resolved.kept[kept] = medium }
        }
        if let dub {
            resolved.speech = try await dubbed(dub, of: video, in: folder, name: "dubbed")
        } else {
            for (index, input) in request.inputs.enumerated() where input.role == .voice {
                var sound = media[index]
                if sound == nil {
                    sound = try await spoken(input, folder, "voice-\(index)", shared: request.speechAsset)
                }
                resolved.voices[index] = try sound.map(sounding)
            }
            let texts = request.inputs.indices.filter { request.inputs[$0].kind == .text }
            if texts.count == 1 { resolved.speech = resolved.voices[texts[0]] }
            try await lay(&resolved, request, folder)
        }
        for url in request.boxAddresses where resolved.boxes[url] == nil {
            let text = try await fetcher.text(at: url, organisation: organisation)
            // Boxes for hours of video take a while to read.
            let result = await BlockingWork.run { Result { () throws(JobFailure) in try SpeakerBoxes.parse(text) } }
            resolved.boxes[url] = try result.get()
        }
        return resolved
    }

    /// Speaks the text of a speech job.
    ///
    /// - Throws: `JobFailure`, `GenerationError`; `CancellationError` if the task was cancelled.
    func speech(_ script: SpeechRequest, into path: String) async throws -> SpokenSound {
        guard let voices else {
            throw JobFailure(.notOffered, "Text cannot be spoken here.")
        }
        return try await voices.speak(script, into: path)
    }

    /// A film's sound with the silence before and behind it that the request asks for. What the client gets as the
    /// spoken sound is the sound without it.
    private func lay(_ resolved: inout ResolvedInputs, _ request: GenerationRequest, _ folder: String) async throws {
        guard let placement = request.lipSync?.animation.map(SoundPlacement.init),
            let (index, sound) = resolved.voices.first, let seconds = sound.summary.soundSeconds
        else { return }
        let wanted = placement.durationSeconds.map { placement.skippedSeconds + $0 } ?? 0
        guard placement.leadSeconds > 0 || wanted > seconds else { return }
        let (made, path) = ("\(folder)/output/laid.wav", "\(folder)/laid.wav")
        try await children.mix(
            .shift(of: sound.path, bySeconds: placement.leadSeconds, leastSeconds: wanted, to: made), in: folder,
            timeLimit: .seconds(60) + .seconds(max(seconds, wanted) / 10))
        // Later children can write where this one did.
        try await BlockingWork.run { try ChildFile.take(made, to: path) }
        resolved.voices[index] = try sounding(
            LocalMedium(path: path, summary: try await probe(path, in: folder, as: .audio)))
    }

    /// The files that a request's inputs are brought into, by the inputs' positions; a text has none.
    /// Only an animation has a driving video, and pictures besides its visual input.
    private static func fileNames(of request: GenerationRequest, visual: Int) -> [Int: String] {
        var names = [visual: request.inputs[visual].kind.rawValue]
        let isAnimation = request.kind == .photoAnimation
        for (index, input) in request.inputs.enumerated() where index != visual {
            if case .script = input.source { continue }
            switch input.role {
            case .voice where request.lipSync?.dub == nil: names[index] = "voice-\(index)"
            case .driving where isAnimation && !names.values.contains("driving"): names[index] = "driving"
            case .visual, .reference, .endFrame:
                if isAnimation { names[index] = "image-\(index)" }
            default: break
            }
        }
        return names
    }

    /// Fetches the inputs that have a name into files, a few at once.
    ///
    /// - Throws: Of several failures that of the first input, whichever came first in time, so that the same request always
    ///   fails alike.
    private func media(
        _ inputs: [MediaInput], names: [Int: String], organisation: OrganisationID, in folder: String
    ) async throws -> [Int: LocalMedium] {
        try await withThrowingTaskGroup(of: FetchedInput.self) { group in
            var media: [Int: LocalMedium] = [:]
            var rest = names.sorted { $0.key < $1.key }[...]
            var running: Set<Int> = []
            var failures: [Int: any Error] = [:]
            func startNext() {
                guard failures.isEmpty, let (index, name) = rest.popFirst() else { return }
                running.insert(index)
                group.addTask { await fetched(inputs[index], at: index, organisation, in: folder, as: name) }
            }
            for _ in 0..<fetcher.limits.simultaneousFetches { startNext() }
            for try await input in group {
                running.remove(input.index)
                media[input.index] = input.medium
                failures[input.index] = input.error
                // Inputs behind the failed one need not be waited for; they are cancelled with the group.
                if let first = failures.min(by: { $0.key < $1.key }), !running.contains(where: { $0 < first.key }) {
                    throw first.value
                }
                startNext()
            }
            return media
        }
    }

    /// What became of an input.
    ///
    /// A value of its own: a tuple of an index and a `Result`, made in a task's closure, arrives as garbage from optimised
    /// code of Swift 6.3.
    private struct FetchedInput: Sendable {
        let index: Int
        var medium: LocalMedium?
        var error: (any Error)?
    }

    private func fetched(
        _ input: MediaInput, at index: Int, _ organisation: OrganisationID, in folder: String, as name: String
    ) async -> FetchedInput {
        do {
            return FetchedInput(
                index: index, medium: try await medium(input, organisation: organisation, in: folder, name: name))
        } catch { return FetchedInput(index: index, error: error) }
    }

    private func spoken(
        _ input: MediaInput, _ folder: String, _ name: String, shared: AssetID?
    ) async throws -> LocalMedium {
        guard case .script(let script) = input.source, let voices else { throw JobFailure(.notOffered) }
        let path = "\(folder)/\(name)"
        try await speak(script, voices, into: path, shared: shared)
        return LocalMedium(
            path: path, summary: try await probe(path, in: folder, as: .audio),
            digest: await AnalysisCache.digest(of: path))
    }

    private func check(_ medium: LocalMedium, is kind: MediaKind) throws {
        if let refusal = kind.refusal(of: MediaFacts(medium.summary)) { throw refusal }
    }

    /// Speaks, unless another job of the same batch has done it: then its sound is taken.
    private func speak(
        _ script: SpeechRequest, _ voices: any VoiceProvider, into path: String, shared: AssetID?
    ) async throws {
        guard let shared else {
            _ = try await voices.speak(script, into: path)
            return
        }
        let key = BlobKey(rawValue: "speech/\(shared).wav")
        if try await fetcher.blobs.facts(of: key) != nil {
            try await fetcher.blobs.materialize(key, at: path)
            return
        }
        _ = try await voices.speak(script, into: path)
        // Of two jobs that began together both have spoken. The sound that was stored first is everybody's, since a
        // provider does not say the same twice. It is swept like everything without an owner.
        if try await fetcher.blobs.facts(of: key) != nil {
            try await BlockingWork.run { try FileManager.default.removeItem(atPath: path) }
            try await fetcher.blobs.materialize(key, at: path)
        } else {
            try await fetcher.blobs.copy(path, as: key)
        }
    }

    private func dubbed(
        _ dub: DubParameters, of video: LocalMedium, in folder: String, name: String
    ) async throws -> LocalMedium {
        guard let voices else { throw JobFailure(.notOffered) }
        guard video.summary.hasSound else {
            throw JobFailure(.videoUnusable, "The video to be dubbed has no sound.")
        }
        let limit = await voices.capabilities.longestDubSeconds
        guard (video.summary.durationSeconds ?? 0) <= limit else {
            throw JobFailure(
                .dubTooLong, "The video is longer than the \(Int(limit)) s that are dubbed here.")
        }
        let path = "\(folder)/\(name)"
        try await voices.dub(dub, from: video.path, into: path)
        return try sounding(LocalMedium(path: path, summary: try await probe(path, in: folder, as: .audio)))
    }

    private func sounding(_ medium: LocalMedium) throws(JobFailure) -> LocalMedium {
        guard medium.summary.hasSound else {
            throw JobFailure(.audioUnusable, "The file given as audio has no sound.")
        }
        return medium
    }

    /// A medium that is what its input says.
    ///
    /// - Throws: as `resolve`.
    func checkedMedium(
        _ input: MediaInput, organisation: OrganisationID, in folder: String, name: String
    ) async throws -> LocalMedium {
        let medium = try await medium(input, organisation: organisation, in: folder, name: name)
        try check(medium, is: input.kind)
        return medium
    }

    private func medium(
        _ input: MediaInput, organisation: OrganisationID, in folder: String, name: String
    ) async throws -> LocalMedium {
        let path = "\(folder)/\(name)"
        let place = try await fetcher.place(of: input, organisation: organisation)
        try await fetcher.fetch(
            place, kind: input.kind, to: path, timeLimit: fetcher.limits.fetchTime,
            byteLimit: fetcher.limits.fetchBytes)
        var blob: BlobKey?
        if case .blob(let key) = place { blob = key }
        guard let digest = await AnalysisCache.digest(of: path) else {
            return LocalMedium(path: path, summary: try await probe(path, in: folder, as: input.kind), blob: blob)
        }
        if let summary = await analyses.summary(of: digest, owner: organisation) {
            return LocalMedium(path: path, summary: summary, digest: digest, blob: blob)
        }
        let summary = try await probe(path, in: folder, as: input.kind)
        await analyses.keep(summary, of: digest, owner: organisation)
        return LocalMedium(path: path, summary: summary, digest: digest, blob: blob)
    }

    private func probe(_ path: String, in folder: String, as kind: MediaKind) async throws -> MediaSummary {
        do {
            return try await children.probe(path, in: folder, timeLimit: fetcher.limits.jobProbeTime)
        } catch ChildFailure.timedOut {
            throw JobFailure(.inspectionTimedOut)
        } catch ChildFailure.told(let told) where told.engineCode == .videoInvalid {
            throw JobFailure.invalid(kind, told: told)
        }
    }
}

extension GenerationRequest {
    /// The addresses of boxes in the options of the whole and of the segments.
    var boxAddresses: [String] {
        guard let lipSync else { return [] }
        return ([lipSync.options] + lipSync.segments.map(\.options)).compactMap { options in
            if case .boxesURL(let url) = options.speaker { url } else { nil }
        }
    }
}
