import Media

/// The clip, opened once for both passes.
struct SourceClip: Sendable {
    /// Reads the pictures; one pass after the other uses it.
    let reader: VideoReader

    var info: VideoStreamInfo { reader.info }
    var path: String { reader.path }

    /// Opens a clip.
    ///
    /// - Throws: `MediaError` for what is no video, a still picture, or a clip of more than two hours.
    init(_ path: String) throws {
        reader = try VideoReader(path)
        guard !reader.isStillImage, reader.info.estimatedFrameCount > 1 else {
            throw MediaError(
                code: .videoInvalid, message: "The clip is a single picture.",
                suggestion: "Send a video that moves, or send the picture as a picture: a JPEG, PNG or WebP file.",
                detail: path)
        }
        // Time stamps alone tell this, so nobody waits for hours of one picture before the refusal.
        guard reader.info.durationSeconds <= EngineLimits.mediaSeconds else { throw Self.tooLong(path) }
    }

    /// Takes a file as it is, also a still picture.
    init(anyPicture reader: VideoReader) { self.reader = reader }

    static func tooLong(_ path: String) -> MediaError {
        MediaError(
            code: .durationTooLong, message: "The video is longer than two hours.",
            suggestion: "Cut it into shorter parts.", detail: path)
    }

    /// The clip's own sound; `nil` when it has none that can be read, which is the same as silence.
    func openSound(_ format: SoundFormat? = nil) -> AudioReader? {
        guard reader.audio != nil else { return nil }
        return try? AudioReader(path, sampleRate: format?.sampleRate, channelCount: format?.channelCount)
    }

    /// Seconds of the clip's own sound before the first picture; negative where the sound begins later.
    var soundLeadSeconds: Double {
        guard let audio = reader.audio else { return 0 }
        let lead = info.startSeconds - audio.startSeconds
        // Further apart than the longest clip, one of the two times is damaged.
        return abs(lead) <= EngineLimits.mediaSeconds ? lead : 0
    }
}
