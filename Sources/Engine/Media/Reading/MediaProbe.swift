/// Examines media files.
///
///     let info = try MediaProbe.inspect("clip.mp4")
///     print(info.video?.frameRate, info.durationSeconds)
public enum MediaProbe {
    /// Examines the file at `path` without decoding it completely.
    ///
    /// - Throws: `MediaError` of code `fileUnreadable` if there is no such file, `videoInvalid` if it holds neither
    ///   pictures nor sound or its times are damaged, `durationTooLong`, `audioInvalid` for sound alone that is beyond
    ///   the limits, and `resolutionUnsupported` for a still image beyond the limits.
    public static func inspect(_ path: String) throws -> MediaInfo {
        let file = try InputFile(path)
        let facts = file.videoIndex.map { VideoFacts(file, stream: file.stream($0)) }
        let video = (facts?.info).flatMap { $0.codedWidth > 0 && $0.codedHeight > 0 ? $0 : nil }
        if video != nil { try facts?.checkTimes() }
        let audio: AudioStreamInfo?
        do { audio = try file.soundInfo() } catch {
            // Pictures beside a sound that cannot be decoded are a silent video.
            guard video != nil else { throw error }
            audio = nil
        }
        guard video != nil || audio != nil else {
            throw MediaError.videoInvalid(
                "The file holds neither pictures nor sound that can be decoded.", detail: path)
        }
        return MediaInfo(
            container: file.containerName,
            durationSeconds: max(video?.durationSeconds ?? 0, audio?.durationSeconds ?? 0),
            video: video, audio: audio, isStillImage: facts?.isStillImage ?? false)
    }
}
