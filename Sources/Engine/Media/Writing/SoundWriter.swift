/// Writes an MP4 file with AAC sound and nothing else: the sound of an output whose pictures are encoded elsewhere
/// (`JoinedVideoWriter`). Used by one thread at a time. The file is deleted unless `finish` succeeds.
package final class SoundWriter: SoundSink {
    private let file: OutputFile
    private let sound: SoundStream
    private var isOpen = true

    /// Creates the file at `path`, replacing an existing one.
    ///
    /// - Throws: `MediaError` of code `outputUnwritable`, `diskFull`, or `encodingFailed` for settings that the encoder
    ///   refuses.
    package init(_ path: String, audio: AudioOutputSettings) throws {
        file = try OutputFile(path)
        sound = try SoundStream(audio, needsGlobalHeader: file.needsGlobalHeader)
        try file.add(sound.output)
        do { try file.open() } catch {
            file.discard()
            throw error
        }
    }

    deinit { cancel() }

    /// Appends sound; the first sample is at time 0.
    package func append(_ block: AudioBlock) throws { try sound.append(block, write: file.write) }

    /// Finishes the file. On return it is complete on the disk; after an error call `cancel`.
    package func finish() throws {
        try sound.finish(write: file.write)
        try file.finish()
        isOpen = false
    }

    /// Deletes the unfinished file. Has no effect after `finish`.
    package func cancel() {
        guard isOpen else { return }
        isOpen = false
        file.discard()
    }
}
