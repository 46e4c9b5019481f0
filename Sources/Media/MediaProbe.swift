/// Tells what a file contains.
public enum MediaProbe {
    /// Examines the file at `path` without decoding it as a whole.
    ///
    /// Throws `fileUnreadable` if there is no such file, `videoInvalid` if it holds neither pictures nor sound, and
    /// `resolutionUnsupported` for a still image beyond all limits.
    public static func inspect(_ path: String) throws -> MediaInfo {
        let file = try InputFile(path)
        let video = file.videoIndex.map { VideoFacts(file, stream: file.stream($0)).info }
        let audio = file.audioIndex.map { file.audioInfo($0) }
        guard (video.map { $0.codedWidth > 0 && $0.codedHeight > 0 } ?? false) || audio != nil else {
            throw MediaError.videoInvalid(
                "The file holds neither pictures nor sound that can be decoded.", detail: path)
        }
        return MediaInfo(
            container: file.containerName,
            durationSeconds: max(video?.durationSeconds ?? 0, audio?.durationSeconds ?? 0),
            video: video.flatMap { $0.codedWidth > 0 ? $0 : nil }, audio: audio, isStillImage: file.isStillImage)
    }
}
