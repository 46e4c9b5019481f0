import Media

extension RenderPlan {
    /// What the frames of an output are encoded as.
    func videoSettings(_ clip: VideoStreamInfo) -> VideoOutputSettings {
        VideoOutputSettings(
            width: clip.width, height: clip.height, frameRate: clip.frameRate, constantRateFactor: constantRateFactor,
            preset: preset, color: clip.color.delivered, sampleAspectRatio: clip.sampleAspectRatio)
    }
}

extension SoundFormat {
    /// What the output's sound is encoded as.
    var audioSettings: AudioOutputSettings { AudioOutputSettings(sampleRate: sampleRate, channelCount: channelCount) }
}
