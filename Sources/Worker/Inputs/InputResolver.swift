import Foundation
import Generations
import LipSync

/// A medium as a file of this machine.
package struct LocalMedium: Hashable, Sendable {
    /// The file; only to be read.
    package var path: String
    /// What it is.
    package var summary: MediaSummary
    /// A name for its content, for a content that was sent by somebody and is not too large.
    package var digest: String?

    /// Names a file of which is known what it is.
    package init(path: String, summary: MediaSummary, digest: String? = nil) {
        self.digest = digest
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
    package var boxes: [String: [FaceBox?]]
    /// The pictures of an animation in their order; the first is `visual`.
    package var pictures: [LocalMedium]
    /// The video whose movement is transferred.
    package var driving: LocalMedium?
    /// Fetched contents that become assets.
    package var kept: [AssetID: LocalMedium] = [:]

    /// Names the files.
    package init(
        visual: LocalMedium, voices: [Int: LocalMedium], speech: LocalMedium? = nil,
        boxes: [String: [FaceBox?]] = [:], pictures: [LocalMedium] = [], driving: LocalMedium? = nil
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
    let shelf: AnalysisShelf

    /// Fetches, opens, speaks and looks into everything.
    ///
    /// - Throws: `JobFailure`, `ChildFailure`, `StoreError`; `CancellationError` if the task was cancelled.
    func resolve(
        _ request: GenerationRequest, organisation: OrganisationID, folder: String
    ) async throws -> ResolvedInputs {
        guard request.kind == .lipSync || request.kind == .photoAnimation else {
            throw JobFailure(.planFeatureUnavailable, "This kind of job is not offered here.")
        }
        guard let visual = request.inputs.first(where: { $0.role == .visual || $0.role == .reference }) else {
            throw JobFailure(.generationVideoMissing)
        }
        let speaks = request.inputs.contains { if case .script = $0.source { true } else { false } }
        guard voices != nil || (!speaks && request.dub == nil) else {
            let what = speaks ? "Text cannot be spoken" : "Dubbing is not offered"
            throw JobFailure(.planFeatureUnavailable, "\(what) here; send a sound.")
        }
        let video = try await checkedMedium(visual, organisation, folder, visual.kind.rawValue)
        var resolved = ResolvedInputs(visual: video, voices: [:])
        if let kept = visual.keptAs { resolved.kept[kept] = video }
        if request.kind == .photoAnimation {
            resolved.pictures = [video]
            try await bringFurtherPictures(of: request, organisation, folder, &resolved)
            if let drive = request.inputs.first(where: { $0.role == .driving }) {
                resolved.driving = try await checkedMedium(drive, organisation, folder, "driving")
            }
        }
        if let dub = request.dub {
            resolved.speech = try await dubbed(dub, video, folder, "dubbed")
        } else {
            for (index, input) in request.inputs.enumerated() where input.role == .voice {
                resolved.voices[index] = try await voice(
                    input, organisation, folder, "voice-\(index)", shared: request.speechAsset)
            }
            let spoken = request.inputs.indices.filter { request.inputs[$0].kind == .text }
            if spoken.count == 1 { resolved.speech = resolved.voices[spoken[0]] }
            try await lay(&resolved, request, folder)
        }
        for url in request.boxAddresses where resolved.boxes[url] == nil {
            let text = try await fetcher.text(at: url, organisation: organisation)
            // Boxes for hours of video take a while to read.
            let result = try await BlockingWork.run { Result { () throws(JobFailure) in try SpeakerBoxes.parse(text) } }
            resolved.boxes[url] = try result.get()
        }
        return resolved
    }

    /// Speaks the one text of a speech job.
    ///
    /// - Throws: `JobFailure`, `GenerationError`; `CancellationError` if the task was cancelled.
    func speech(_ request: GenerationRequest, into path: String) async throws -> SpokenSound {
        guard let voices, case .script(let script) = request.inputs.first?.source else {
            throw JobFailure(.planFeatureUnavailable, "Text cannot be spoken here.")
        }
        return try await voices.speak(script, into: path)
    }

    /// A film's sound with the silence before and behind it that the request asks for. What the client gets as the
    /// spoken sound is the sound without it.
    private func lay(_ resolved: inout ResolvedInputs, _ request: GenerationRequest, _ folder: String) async throws {
        guard request.kind == .lipSync, let placement = request.animation.map(SoundPlacement.init),
            let (index, sound) = resolved.voices.first, let seconds = sound.summary.soundSeconds
        else { return }
        let wanted = placement.durationSeconds.map { placement.skippedSeconds + $0 } ?? 0
        guard placement.leadSeconds > 0 || wanted > seconds else { return }
        let path = "\(folder)/output/laid.wav"
        try await children.mix(
            .shift(of: sound.path, bySeconds: placement.leadSeconds, leastSeconds: wanted, to: path), in: folder,
            timeLimit: .seconds(60) + .seconds(max(seconds, wanted) / 10))
        resolved.voices[index] = try sounding(
            LocalMedium(path: path, summary: try await probe(path, in: folder, as: .audio)))
    }

    /// The pictures of an animation behind its first.
    private func bringFurtherPictures(
        of request: GenerationRequest, _ organisation: OrganisationID, _ folder: String,
        _ resolved: inout ResolvedInputs
    ) async throws {
        let roles: Set<InputRole> = [.visual, .reference, .endFrame]
        for (index, input) in request.inputs.filter({ roles.contains($0.role) }).enumerated().dropFirst() {
            let picture = try await checkedMedium(input, organisation, folder, "image-\(index)")
            resolved.pictures.append(picture)
            if let kept = input.keptAs { resolved.kept[kept] = picture }
        }
    }

    private func voice(
        _ input: MediaInput, _ organisation: OrganisationID, _ folder: String, _ name: String, shared: AssetID?
    ) async throws -> LocalMedium {
        if case .script(let script) = input.source, let voices {
            let path = "\(folder)/\(name)"
            try await speak(script, voices, into: path, shared: shared)
            return try sounding(
                LocalMedium(
                    path: path, summary: try await probe(path, in: folder, as: .audio),
                    digest: await AnalysisShelf.digest(of: path)))
        }
        return try sounding(try await medium(input, organisation, folder, name))
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
        _ dub: DubParameters, _ video: LocalMedium, _ folder: String, _ name: String
    ) async throws -> LocalMedium {
        guard let voices else { throw JobFailure(.planFeatureUnavailable) }
        guard video.summary.hasSound else {
            throw JobFailure(.generationInputVideoInvalid, "The video to be dubbed has no sound.")
        }
        let limit = await voices.capabilities.longestDubSeconds
        guard (video.summary.durationSeconds ?? 0) <= limit else {
            throw JobFailure(
                .dubbingDurationExceeded, "The video is longer than the \(Int(limit)) s that are dubbed here.")
        }
        let path = "\(folder)/\(name)"
        try await voices.dub(dub, from: video.path, into: path)
        return try sounding(LocalMedium(path: path, summary: try await probe(path, in: folder, as: .audio)))
    }

    private func sounding(_ medium: LocalMedium) throws(JobFailure) -> LocalMedium {
        guard medium.summary.hasSound else {
            throw JobFailure(.generationInputAudioInvalid, "The file given as audio has no sound.")
        }
        return medium
    }

    /// A medium that is what its input says.
    ///
    /// - Throws: as `resolve`.
    func checkedMedium(
        _ input: MediaInput, _ organisation: OrganisationID, _ folder: String, _ name: String
    ) async throws -> LocalMedium {
        let medium = try await medium(input, organisation, folder, name)
        if let refusal = input.kind.refusal(of: MediaFacts(medium.summary)) { throw refusal }
        return medium
    }

    private func medium(
        _ input: MediaInput, _ organisation: OrganisationID, _ folder: String, _ name: String
    ) async throws -> LocalMedium {
        let path = "\(folder)/\(name)"
        let place = try await fetcher.place(of: input, organisation: organisation)
        try await fetcher.fetch(
            place, kind: input.kind, to: path, timeLimit: fetcher.limits.fetchTime,
            byteLimit: fetcher.limits.fetchBytes)
        guard let digest = await AnalysisShelf.digest(of: path) else {
            return LocalMedium(path: path, summary: try await probe(path, in: folder, as: input.kind))
        }
        if let summary = await shelf.summary(of: digest, owner: organisation) {
            return LocalMedium(path: path, summary: summary, digest: digest)
        }
        let summary = try await probe(path, in: folder, as: input.kind)
        await shelf.keep(summary, of: digest, owner: organisation)
        return LocalMedium(path: path, summary: summary, digest: digest)
    }

    private func probe(_ path: String, in folder: String, as kind: MediaKind) async throws -> MediaSummary {
        do {
            return try await children.probe(path, in: folder, timeLimit: fetcher.limits.jobProbeTime)
        } catch ChildFailure.timedOut {
            throw JobFailure(.generationMediaProbeTimeout)
        } catch ChildFailure.told(let told) where told.code == ErrorCode.generationInputVideoInvalid.rawValue {
            throw JobFailure.invalid(kind, told: told)
        }
    }
}

extension GenerationRequest {
    /// The addresses of boxes in the options of the whole and of the segments.
    var boxAddresses: [String] {
        ([options] + segments.map(\.options)).compactMap { options in
            if case .boxesURL(let url) = options.speaker { url } else { nil }
        }
    }
}
