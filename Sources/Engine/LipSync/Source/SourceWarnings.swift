import Media

/// What the user should know of files that are damaged, or that end before they say they do.
enum SourceWarnings {
    /// Less is missing in headers of whole files: rounding, an encoder's run-up, a last frame of its own length.
    private static let leastMissingSeconds = 0.5
    private static let leastMissingShare = 0.05

    /// What is to be said of a clip.
    ///
    /// - Parameter endFrame: Where its end was met, if it was.
    static func of(_ clip: SourceClip, endFrame: Int?, damagedPacketCount: Int) -> [RenderReport.Warning] {
        var warnings: [RenderReport.Warning] = []
        let info = clip.info
        let end = endFrame.map { Double($0) * info.frameRate.inverse.value } ?? .infinity
        if let text = missing(min(end, info.durationSeconds), of: info.announcedSeconds) {
            warnings.append(.init(code: "video_incomplete", message: "The video is incomplete: \(text)."))
        }
        if damagedPacketCount > 0 {
            warnings.append(
                .init(
                    code: "video_damaged", message: "\(damagedPacketCount) damaged parts of the video were skipped."))
        }
        return warnings
    }

    /// What is to be said of a part's sound.
    static func of(_ sound: PartSound, format: SoundFormat) -> [RenderReport.Warning] {
        var warnings: [RenderReport.Warning] = []
        let seconds = Double(sound.fileSampleCount) / Double(format.sampleRate)
        if let text = missing(seconds, of: sound.announcedSeconds) {
            warnings.append(.init(code: "sound_incomplete", message: "The sound is incomplete: \(text)."))
        }
        if sound.isDamaged {
            warnings.append(
                .init(code: "sound_damaged", message: "Damaged parts of the sound were skipped or became silence."))
        }
        return warnings
    }

    /// The clip's own sound, where it passes through or tells who speaks, is damaged.
    static let clipSoundDamaged = RenderReport.Warning(
        code: "clip_sound_damaged",
        message: "The clip's own sound is damaged; parts of it were skipped or became silence.")

    private static func missing(_ seconds: Double, of announced: Double?) -> String? {
        guard let announced else { return nil }
        let least = max(leastMissingSeconds, leastMissingShare * announced)
        guard announced - seconds > least else { return nil }
        func rounded(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10)" }
        return "it ends after \(rounded(seconds)) of the \(rounded(announced)) s that its file announces"
    }
}
