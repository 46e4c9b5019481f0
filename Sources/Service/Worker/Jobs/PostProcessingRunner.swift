import Generations
import LipSync
import Provenance

/// What was made where no lips move: a file, and a voice where that was asked for.
struct ProcessedMedium: Sendable {
    /// The file.
    var path: String
    /// Its name in the blob store.
    var name: String
    /// Its length; 0 for a picture.
    var durationSeconds: Double
    /// Its size in pixels and its frames; 0 for a sound.
    var width = 0
    var height = 0
    var frameCount = 0
    /// A small picture of it, if there is one.
    var thumbnailPath: String?
    /// The voice that was made.
    var voice: Voice?
    /// Where it comes from; `nil` for a file of the user's own.
    var origin: ManifestDraft.Origin?
}

/// Does the jobs in which no lips move: texts spoken, voices freed of noise, changed or copied, pictures enlarged.
struct PostProcessingRunner: Sendable {
    let resolver: InputResolver
    let children: MediaChildren
    let constantRateFactor: Int
    let preset: String

    private var limits: WorkerLimits { resolver.fetcher.limits }

    /// Does a job.
    ///
    /// - Parameters:
    ///   - folder: The attempt's own; what is made lies below it.
    ///   - onProgress: Takes the share that is done, 0 … 1.
    /// - Throws: `JobFailure`, `ChildFailure`, `GenerationError`; `CancellationError` if the task was cancelled.
    func make(
        _ generation: Generation, in folder: String, onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> ProcessedMedium {
        func medium(_ input: MediaInput) async throws -> LocalMedium {
            try await resolver.checkedMedium(input, organisation: generation.organisation, in: folder, name: "input")
        }
        switch generation.request.order {
        case .speech(let script): return try await speak(script, in: folder)
        case .cleaning(let input): return try await isolate(try sound(await medium(input)), in: folder, onProgress)
        case .upscaling(let input, let upscaling) where input.kind == .image:
            return try await upscalePicture(await medium(input), upscaling, in: folder, onProgress)
        case .upscaling(let input, let upscaling):
            return try await upscaleVideo(await medium(input), upscaling, in: folder, onProgress)
        case .conversion(let input, let voiceID):
            return try await convert(try sound(await medium(input)), to: voiceID, in: folder)
        case .cloning(let input): return try await clone(try sound(await medium(input)), generation)
        case .lipSync, .animation: throw JobFailure(.notOffered, "This kind of job is not offered here.")
        }
    }

    private func speak(_ script: SpeechRequest, in folder: String) async throws -> ProcessedMedium {
        let path = "\(folder)/speech.wav"
        let sound = try await resolver.speech(script, into: path)
        return ProcessedMedium(
            path: path, name: "speech.wav", durationSeconds: sound.durationSeconds,
            origin: .speech(voice: script.voiceID))
    }

    private func sound(_ medium: LocalMedium) throws(JobFailure) -> LocalMedium {
        guard medium.summary.hasSound else {
            throw JobFailure(.audioUnusable, "The file given as audio has no sound.")
        }
        guard (medium.summary.soundSeconds ?? 0) <= limits.mediaSeconds else {
            throw JobFailure(.inputTooLong)
        }
        return medium
    }

    private func isolate(
        _ medium: LocalMedium, in folder: String, _ onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> ProcessedMedium {
        let path = "\(folder)/output/voice.wav"
        let facts = try await children.isolate(
            VoiceIsolation(path: medium.path, outputPath: path), in: folder,
            mediaSeconds: medium.summary.soundSeconds ?? 0, onProgress: onProgress)
        return ProcessedMedium(
            path: path, name: "voice.wav", durationSeconds: facts.durationSeconds,
            origin: .enhanced(path: medium.path))
    }

    // MARK: More pixels

    private func upscalePicture(
        _ medium: LocalMedium, _ upscaling: Upscaling, in folder: String,
        _ onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> ProcessedMedium {
        let path = "\(folder)/output/enlarged.jpg"
        let size = try size(of: medium, upscaling, isVideo: false)
        return try await enlarged(
            .picture(PictureUpscaling(path: medium.path, outputPath: path, size: size)), name: "enlarged.jpg",
            in: folder,
            mediaSeconds: 0, onProgress)
    }

    private func upscaleVideo(
        _ medium: LocalMedium, _ upscaling: Upscaling, in folder: String,
        _ onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> ProcessedMedium {
        guard let seconds = medium.summary.durationSeconds, seconds.isFinite else {
            throw JobFailure(.mediaFactsMissing)
        }
        guard seconds <= limits.mediaSeconds else { throw JobFailure(.inputTooLong) }
        let path = "\(folder)/output/enlarged.mp4"
        let size = try size(of: medium, upscaling, isVideo: true)
        return try await enlarged(
            .video(
                VideoUpscaling(
                    path: medium.path, outputPath: path, size: size, constantRateFactor: constantRateFactor,
                    preset: preset)), name: "enlarged.mp4", in: folder,
            mediaSeconds: seconds, onProgress)
    }

    private func enlarged(
        _ processing: PostProcessing, name: String, in folder: String, mediaSeconds: Double,
        _ onProgress: @escaping @Sendable (Double) -> Void
    ) async throws -> ProcessedMedium {
        let files = try await children.render(
            .processing(processing), in: folder, mediaSeconds: mediaSeconds,
            observer: RenderObserver(onProgress: { onProgress($0.fraction) }))
        return ProcessedMedium(
            path: processing.outputPath, name: name, durationSeconds: files.output.durationSeconds,
            width: files.output.width, height: files.output.height, frameCount: files.output.frames,
            thumbnailPath: files.thumbnailPath, origin: .enhanced(path: processing.inputPath))
    }

    private func size(
        of medium: LocalMedium, _ upscaling: Upscaling, isVideo: Bool
    ) throws(JobFailure) -> PictureSize {
        guard let width = medium.summary.width, let height = medium.summary.height else {
            throw JobFailure(.mediaFactsMissing)
        }
        do {
            let size = try upscaling.size(width: width, height: height, isVideo: isVideo)
            return PictureSize(width: size.width, height: size.height)
        } catch {
            throw JobFailure(
                .pictureSizeUnsupported,
                error == .smaller
                    ? "The wished size is smaller than the \(width)x\(height) that are there."
                    : "The wished size is larger than what can be made.",
                suggestion: "Wish for another resolution or factor.")
        }
    }

    // MARK: Other voices

    private func convert(
        _ medium: LocalMedium, to voiceID: String, in folder: String
    ) async throws -> ProcessedMedium {
        guard let voices = resolver.voices else {
            throw JobFailure(.notOffered, "No voice can say a sound again here.")
        }
        let path = "\(folder)/converted.wav"
        let sound = try await voices.convert(medium.path, voiceID: voiceID, into: path)
        return ProcessedMedium(
            path: path, name: "converted.wav", durationSeconds: sound.durationSeconds,
            origin: .convertedVoice(path: medium.path))
    }

    private func clone(_ medium: LocalMedium, _ generation: Generation) async throws -> ProcessedMedium {
        guard let voices = resolver.voices else {
            throw JobFailure(.notOffered, "Voices cannot be made of samples here.")
        }
        let voice = try await voices.clone(
            medium.path, name: generation.request.title ?? generation.id.rawValue,
            // A second attempt finds what the first one made and could not store.
            mark: generation.id.rawValue)
        return ProcessedMedium(
            path: medium.path, name: "sample.\(medium.summary.format)",
            durationSeconds: medium.summary.soundSeconds ?? 0, voice: voice)
    }
}
