import CLibAV

/// Reads the pictures of a file as constant-rate frames in presentation order. One thread at a time.
public final class VideoReader: @unchecked Sendable {
    /// Facts about the stream and the delivered frames.
    public let info: VideoStreamInfo
    /// The sound stream beside the pictures, if there is one that can be decoded.
    public let audio: AudioStreamInfo?
    /// The file is a single picture: a JPEG, PNG or WebP file, or any other with one picture and no sound.
    public let isStillImage: Bool
    /// The file's path.
    public let path: String
    private let threadCount: Int
    private let facts: VideoFacts
    private let converter: PictureConverter
    private let delivered: ColorDescription

    private var source: PictureSource
    private var grid: FrameGrid?
    private var sequence = FrameRateConverter<DecodedPicture>()
    private var earlierDamage = 0

    /// How far before the wanted frame a seek begins, seconds; each try goes further back.
    private static let seekMargins = [0, 2, 8, 30]
    /// Decoding on is cheaper than seeking up to this distance, seconds.
    private static let nearSeconds = 1.0

    /// Opens the file at `path` and decodes with `threadCount` threads.
    ///
    /// Throws `fileUnreadable`, `videoInvalid` when there is no picture stream that can be decoded or a picture is
    /// shown for more than a minute, `durationTooLong`, and `resolutionUnsupported` when the picture is too small or too
    /// large.
    public init(_ path: String, threadCount: Int = 2) throws {
        self.path = path
        self.threadCount = max(1, threadCount)
        let file = try InputFile(path)
        guard let stream = try file.decodableVideo() else {
            throw MediaError.videoInvalid("The file holds no pictures that can be decoded.", detail: path)
        }
        facts = VideoFacts(file, stream: stream)
        info = facts.info
        try PictureLimits.check(width: info.width, height: info.height, isStillImage: file.isStillImage)
        try facts.checkTimes()
        isStillImage = facts.isStillImage
        // A sound that nobody can hear is none.
        audio = try? file.soundInfo()
        delivered = info.color.delivered
        source = try PictureSource(file, info: info, threadCount: isStillImage ? 1 : self.threadCount)
        converter = PictureConverter(facts, threadCount: self.threadCount)
    }

    /// Packets and pictures that could not be decoded and were skipped, seeks included.
    public var damagedPacketCount: Int { earlierDamage + source.damagedPacketCount }

    /// The next constant-rate frame; `nil` after the last one.
    ///
    /// Throws `videoInvalid` if not a single picture can be decoded.
    public func next() throws -> VideoFrame? {
        try prepare()
        while true {
            switch sequence.step() {
            case .deliver(let picture, let index):
                return VideoFrame(
                    adopting: try picture.delivered(by: converter), index: index, isFullRange: delivered.isFullRange,
                    matrix: delivered.matrix)
            case .finished: return nil
            case .needsInput: try takeIn()
            }
        }
    }

    /// Makes the following `next` return frame `index`, with the pixels that sequential reading gives it; a frame beyond
    /// the end gives `nil`. Negative numbers count as 0.
    public func seek(toFrame index: Int) throws {
        try prepare()
        guard let grid else { return }
        let index = max(0, index)
        let near = Int((info.frameRate.value * Self.nearSeconds).rounded(.up))
        if index >= sequence.position, index - (sequence.latestIndex ?? 0) <= near {
            sequence.skip(to: index)
            return
        }
        if !isStillImage {
            for margin in Self.seekMargins {
                let back = info.timeBase.inverse.scaled(Int(margin))
                let target = grid.timestamp(of: index) - back
                if target <= grid.origin { break }
                if start(at: index, seekingTo: target, on: grid) { return }
            }
        }
        try restart(at: index)
    }

    // MARK: Filling the sequence

    /// Decodes the first picture, which decides where the grid begins.
    private func prepare() throws {
        guard grid == nil else { return }
        guard let first = source.next() else {
            throw MediaError.videoInvalid("Not a single picture of the file can be decoded.", detail: path)
        }
        let grid = FrameGrid(
            origin: first.timestamp, timeBase: info.timeBase, rate: info.frameRate, positions: facts.positions)
        self.grid = grid
        sequence.push(first, index: 0)
        if isStillImage { sequence.end() }
    }

    private func takeIn() throws {
        guard let grid else { return }
        guard let picture = source.next() else {
            // The last picture of an irregular video is shown for as long as the file says.
            let end = source.lastEnd.map { grid.index(of: $0) } ?? 0
            sequence.end(before: info.isVariableFrameRate ? end : 0)
            return
        }
        let index = grid.index(of: picture.timestamp)
        guard index < Int(info.frameRate.value * 3600) * TimeLimits.hours else {
            throw MediaError.durationTooLong(hours: TimeLimits.hours)
        }
        sequence.push(picture, index: index)
        if isStillImage { sequence.end() }
    }

    /// Tries to begin at a key frame from which frame `index` can be reached; `false` if the key frame lies too late.
    private func start(at index: Int, seekingTo target: Int, on grid: FrameGrid) -> Bool {
        guard source.seek(to: target) else { return false }
        while let picture = source.next() {
            // Time stamps that are not the file's own mean something else after a seek.
            guard !source.isCounting else { return false }
            let position = grid.index(of: picture.timestamp)
            guard position <= index else { return false }
            // Before the first key picture come pictures whose references were skipped.
            guard picture.isKey else { continue }
            // In an irregular video an earlier picture may share the position, and then that one counts.
            guard position < index || !info.isVariableFrameRate else { return false }
            sequence = FrameRateConverter(firstIndex: index)
            sequence.push(picture, index: position)
            return true
        }
        return false
    }

    /// Opens the file anew, which is always right where seeking is not, and slower.
    private func restart(at index: Int) throws {
        sequence = FrameRateConverter(firstIndex: index)
        earlierDamage += source.damagedPacketCount
        let file = try InputFile(path)
        source = try PictureSource(file, info: info, threadCount: isStillImage ? 1 : threadCount)
    }
}
