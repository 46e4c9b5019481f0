import CLibAV

/// Reads the pictures of a file as frames of a constant rate, in presentation order.
///
///     let reader = try VideoReader("clip.mp4")
///     while let frame = try reader.next() { try tracker.track(frame) }
///
/// Used by one thread at a time.
public final class VideoReader: @unchecked Sendable {
    /// Properties of the stream and of the delivered frames.
    public let info: VideoStreamInfo
    /// The sound stream beside the pictures, if there is one that can be decoded.
    public let audio: AudioStreamInfo?
    /// Whether the file is a single picture: a JPEG, PNG or WebP file, or any other with one picture and no sound.
    public let isStillImage: Bool
    public let path: String
    /// What the file says of itself.
    public let tags: FileTags
    private let threadCount: Int
    private let facts: VideoFacts
    private let converter: PictureConverter
    private let delivered: ColorDescription

    private var source: PictureSource
    private var grid: FrameGrid?
    private var sequence = FrameRateConverter<DecodedPicture>()
    /// Damaged packets of earlier openings of the file.
    private var earlierDamage = 0
    private var earlierPictures = 0
    private var keyFrames = KeyFrames()

    /// How far before the wanted frame a seek aims, in seconds; each attempt goes further back, since some containers
    /// seek to a key frame after the target. Unmeasured.
    private static let seekMargins = [0, 2, 8, 30]
    /// Up to this distance, in seconds, decoding on is used instead of seeking: key frames are seldom closer.
    /// Unmeasured.
    private static let nearSeconds = 1.0

    /// Opens the file at `path` and decodes with `threadCount` threads.
    ///
    /// - Throws: `MediaError` of code `fileUnreadable`, `videoInvalid` when there is no video stream that can be
    ///   decoded or a picture is shown for more than a minute, `durationTooLong`, and `resolutionUnsupported` when the
    ///   picture is too small or too large.
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
        tags = FileTags(file)
        // A sound that cannot be decoded counts as none.
        audio = try? file.soundInfo()
        delivered = info.color.delivered
        source = try PictureSource(file, info: info, threadCount: isStillImage ? 1 : self.threadCount)
        converter = PictureConverter(facts, threadCount: self.threadCount)
    }

    /// Packets and pictures that could not be decoded and were skipped, seeks included.
    public var damagedPacketCount: Int { earlierDamage + source.damagedPacketCount }

    /// Pictures decoded so far, those that were only passed on the way to a wanted frame included.
    package var decodedPictureCount: Int { earlierPictures + source.pictureCount }

    /// The frames at which decoding can begin, ascending, of those that were decoded so far.
    package var knownKeyFrames: [Int] { keyFrames.numbers }

    /// The first frame of a range at which decoding can begin, of the frames that were decoded so far.
    package func firstKeyFrame(in range: ClosedRange<Int>) -> Int? { keyFrames.first(in: range) }

    /// The next frame; `nil` after the last one.
    ///
    /// - Throws: `MediaError` of code `videoInvalid` if no picture at all can be decoded.
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

    /// Makes the following `next` return frame `index`, with the same pixels as sequential reading; `nil` for a frame
    /// beyond the end. Negative numbers count as 0.
    ///
    /// - Throws: `MediaError` of code `videoInvalid` if no picture at all can be decoded.
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

    /// Makes the following `next` return a frame at which decoding can begin, the last such one before `index` that a seek
    /// finds: far cheaper than any other frame.
    ///
    /// - Returns: Its number, at most `index`; 0 where the file cannot be sought in.
    /// - Throws: `MediaError` of code `videoInvalid` if no picture at all can be decoded.
    package func seek(toKeyFrameBefore index: Int) throws -> Int {
        try prepare()
        guard let grid, !isStillImage else { return 0 }
        for margin in Self.seekMargins {
            let target = grid.timestamp(of: index) - info.timeBase.inverse.scaled(Int(margin))
            if margin > 0, target <= grid.origin { break }
            if let position = startAtKey(before: index, seekingTo: target, on: grid) { return position }
        }
        try restart(at: 0)
        return 0
    }

    // MARK: Filling the sequence

    /// Decodes the first picture, whose time is the origin of the grid.
    private func prepare() throws {
        guard grid == nil else { return }
        guard let first = source.next() else {
            throw MediaError.videoInvalid("Not a single picture of the file can be decoded.", detail: path)
        }
        let grid = FrameGrid(
            origin: first.timestamp, timeBase: info.timeBase, rate: info.frameRate, positions: facts.positions)
        self.grid = grid
        take(first, index: 0)
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
        take(picture, index: index)
        if isStillImage { sequence.end() }
    }

    private func take(_ picture: DecodedPicture, index: Int) {
        if picture.isKey { keyFrames.insert(index) }
        sequence.push(picture, index: index)
    }

    /// Seeks to a key frame from which frame `index` can be reached; `false` if the key frame found is too late.
    private func start(at index: Int, seekingTo target: Int, on grid: FrameGrid) -> Bool {
        guard source.seek(to: target) else { return false }
        while let picture = source.next() {
            // Times that were counted, not read from the file, are wrong after a seek.
            guard !source.isCounting else { return false }
            let position = grid.index(of: picture.timestamp)
            guard position <= index else { return false }
            // Pictures before the first key picture refer to skipped ones.
            guard picture.isKey else { continue }
            // In an irregular video an earlier picture may have the same position, and then that one is delivered.
            guard position < index || !info.isVariableFrameRate else { return false }
            sequence = FrameRateConverter(firstIndex: index)
            take(picture, index: position)
            return true
        }
        return false
    }

    /// Seeks to a key frame; gives its position, or nil if the one found lies behind frame `index`.
    private func startAtKey(before index: Int, seekingTo target: Int, on grid: FrameGrid) -> Int? {
        guard source.seek(to: target) else { return nil }
        while let picture = source.next() {
            let position = grid.index(of: picture.timestamp)
            guard !source.isCounting, position <= index else { return nil }
            guard picture.isKey, position >= 0 else { continue }
            sequence = FrameRateConverter(firstIndex: position)
            take(picture, index: position)
            return position
        }
        return nil
    }

    /// Opens the file again and decodes from its start: slower than seeking, and always correct.
    private func restart(at index: Int) throws {
        sequence = FrameRateConverter(firstIndex: index)
        earlierDamage += source.damagedPacketCount
        earlierPictures += source.pictureCount
        let file = try InputFile(path)
        source = try PictureSource(file, info: info, threadCount: isStillImage ? 1 : threadCount)
    }
}
