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
    private let fetcher: InputFetcher
    private let children: MediaChildren
    private let workingFolder: WorkingFolder
    private let cache = CheckCache()
    /// Of files in hand, from the first fetched byte on until they were looked at. A slow server keeps one from its owner.
    private let files: FairSemaphore
    /// Of files that are looked at.
    private let places: FairSemaphore
    /// How many checks of one organisation may wait: a page asks for two at a time.
    private static let waitingPerOrganisation = 8

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
        fetcher = InputFetcher(
            assets: assets, blobs: blobs, addresses: addresses, network: configuration.network,
            limits: configuration.limits)
        children = MediaChildren(configuration) { event, detail in
            log(clock.now.logLine(event, ["detail": .string(detail)]))
        }
        workingFolder = try WorkingFolder(in: configuration.workingFolder)
        let count = max(1, simultaneousCount)
        places = FairSemaphore(places: count, placesPerOwner: max(1, count - 1))
        files = FairSemaphore(
            places: 4 * count, placesPerOwner: count, waitingPerOwner: Self.waitingPerOrganisation)
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
        do {
            let place = try await fetcher.place(of: input, organisation: organisation)
            var key: CheckCache.Key?
            if case .blob(let blob) = place, let digest = blob.digest { key = .init(digest: digest, subject: subject) }
            let check: MediaCheck
            if let key, let known = await cache.check(key) {
                check = known
            } else {
                check = try await files.pass(owner: organisation.rawValue) {
                    try await look(at: place, as: input.kind, subject, organisation)
                }
                if let key { await cache.keep(check, as: key) }
            }
            // What is remembered of a video makes it no picture.
            if let refusal = input.kind.refusal(of: MediaFacts(check.media)) { throw refusal }
            return check
        } catch let error as CancellationError {
            throw error
        } catch is TooManyWaiting {
            throw GenerationError(
                .rateLimited, "Too many checks of this organisation are waiting.",
                suggestion: "Wait for the answers to earlier ones first.")
        } catch {
            throw GenerationError(JobFailure(error).error, field: field)
        }
    }

    private func look(
        at place: InputFetcher.Place, as kind: MediaKind, _ subject: MediaCheck.Subject,
        _ organisation: OrganisationID
    ) async throws -> MediaCheck {
        let folder = try await workingFolder.makeFolder("check-\(RandomBytes.uuid())")
        do {
            let path = "\(folder)/medium"
            try await fetch(place, kind, to: path)
            let check = try await places.pass(owner: organisation.rawValue) {
                do {
                    return try await children.check(path, subject, in: folder, timeLimit: fetcher.limits.checkTime)
                } catch let failure as ChildFailure { throw JobFailure.looking(at: kind, failure) }
            }
            await workingFolder.remove(folder)
            return check
        } catch {
            await workingFolder.remove(folder)
            throw error
        }
    }

    private func fetch(_ place: InputFetcher.Place, _ kind: MediaKind, to path: String) async throws {
        do {
            try await fetcher.fetch(
                place, kind: kind, to: path, timeLimit: fetcher.limits.inspectionTime,
                byteLimit: fetcher.limits.inspectionBytes)
        } catch let failure as JobFailure where failure.exceedsLimit {
            throw JobFailure(.inspectionTimedOut, detail: failure.error.detail)
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
