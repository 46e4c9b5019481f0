public import Generations
import LipSync
import Processes
import Queues
import Text
public import Time

/// Looks for faces and measures sounds for the interfaces, in confined children. Few at once: a check keeps a core busy for
/// seconds. What a stored file is like is remembered.
///
/// A file is on the disk only while it is one of the few in hand; further checks wait before anything is fetched for them.
public final class GuardedMediaChecker: MediaChecker {
    private let inspection: FileInspection
    private let cache = CheckCache()

    /// Makes a checker and its working folder.
    ///
    /// - Parameters:
    ///   - configuration: The executable, the network policy, the limits and the working folder count.
    ///   - addresses: Whose an input's address is; the same as the worker's.
    ///   - simultaneousCount: How many files are looked at once; one organisation leaves a place for the others.
    /// - Throws: `StoreError` if the working folder cannot be made.
    public init(
        assets: any AssetStore, blobs: any BlobStore, configuration: WorkerConfiguration,
        addresses: @escaping AddressResolver = { _, _ in .elsewhere }, simultaneousCount: Int = 2,
        clock: any WallClock = SystemClock(), log: @escaping WorkerLog = { _ in }
    ) throws {
        inspection = try FileInspection(
            assets: assets, blobs: blobs, configuration: configuration, addresses: addresses,
            simultaneousCount: simultaneousCount, clock: clock, log: log)
    }

    /// What a clip or a picture shows.
    ///
    /// - Throws: `GenerationError` with `field`: inaccessible, invalid, or that it took too long; of code `rateLimited`
    ///   where the organisation has too many checks waiting.
    public func picture(
        of input: MediaInput, field: RequestField, organisation: OrganisationID
    ) async throws -> CheckedPicture {
        let check = try await check(input, .picture, field, organisation)
        guard let picture = check.picture else { throw GenerationError(.inspectionUnavailable, field: field) }
        return CheckedPicture(picture)
    }

    /// What a sound is like.
    ///
    /// - Throws: as `picture`.
    public func sound(
        of input: MediaInput, field: RequestField, organisation: OrganisationID
    ) async throws -> CheckedSound {
        let check = try await check(input, .sound, field, organisation)
        guard let sound = check.sound else { throw GenerationError(.inspectionUnavailable, field: field) }
        return CheckedSound(sound)
    }

    private func check(
        _ input: MediaInput, _ subject: MediaCheck.Subject, _ field: RequestField, _ organisation: OrganisationID
    ) async throws -> MediaCheck {
        try await inspection.explaining(field, crowded: "Too many checks of this organisation are waiting.") {
            let place = try await inspection.fetcher.place(of: input, organisation: organisation)
            var key: CheckCache.Key?
            if case .blob(let blob) = place, let digest = blob.digest { key = .init(digest: digest, subject: subject) }
            let check: MediaCheck
            if let key, let known = await cache.check(key) {
                check = known
            } else {
                check = try await look(at: place, as: input.kind, subject, organisation)
                if let key { await cache.keep(check, as: key) }
            }
            // What is remembered of a video makes it no picture.
            if let refusal = input.kind.refusal(of: MediaFacts(check.media)) { throw refusal }
            return check
        }
    }

    private func look(
        at place: InputFetcher.Place, as kind: MediaKind, _ subject: MediaCheck.Subject,
        _ organisation: OrganisationID
    ) async throws -> MediaCheck {
        try await inspection.inspect(place, as: kind, name: "check", owner: organisation.rawValue) {
            [inspection] folder in
            try await inspection.children.check(
                "\(folder)/medium", subject, in: folder, timeLimit: inspection.fetcher.limits.checkTime)
        } use: { check, _ in
            check
        }
    }
}

extension CheckedPicture {
    /// The domain's form of what a child found.
    init(_ picture: MediaCheck.Picture) {
        self.init(
            kind: picture.isStill ? .image : .video, durationSeconds: picture.isStill ? nil : picture.durationSeconds,
            width: picture.width, height: picture.height, frameRate: picture.isStill ? nil : picture.frameRate,
            frameCount: picture.frameCount,
            samples: picture.samples.map { sample in
                Sample(seconds: sample.seconds, frame: sample.frame, faces: sample.faces.map(Face.init))
            }, shots: picture.shots,
            gaps: picture.gaps.map { gap in
                Gap(
                    startSeconds: gap.startSeconds, endSeconds: gap.endSeconds,
                    reason: gap.reason == .noFace ? .noFace : .turnedAway)
            })
    }
}

extension CheckedPicture.Face {
    fileprivate init(_ face: MediaCheck.Face) {
        self.init(
            box: SpeakerBox(left: face.left, top: face.top, right: face.right, bottom: face.bottom),
            yawDegrees: face.yawDegrees, widthPixels: face.widthPixels, confidence: face.confidence)
    }
}

extension CheckedSound {
    /// The domain's form of what a child found.
    init(_ sound: MediaCheck.Sound) {
        self.init(
            durationSeconds: sound.durationSeconds, loudness: sound.loudness, peakDecibels: sound.peakDecibels,
            clippedShare: sound.clippedShare, silentShare: sound.silentShare, waveform: sound.waveform)
    }
}
