import Face
public import Media

/// What a file is and which faces it shows.
public struct Inspection: Codable, Sendable {
    /// The faces of a clip.
    public struct Faces: Codable, Sendable {
        /// Frames read.
        public var frames: Int
        /// Frames with at least one face.
        public var framesWithFace: Int
        /// Every face.
        public var faces: [RenderReport.FoundFace]
    }

    /// The file's streams.
    public var media: MediaInfo
    /// The faces; `nil` for sound alone or when they were not asked for.
    public var faces: Faces?

    /// Inspects a file.
    ///
    /// - Parameter readsFaces: Whether the whole picture is decoded and searched.
    /// - Throws: `RenderFailure`.
    public init(_ path: String, readsFaces: Bool, cancellation: Cancellation) throws {
        do {
            media = try MediaProbe.inspect(path)
            guard readsFaces, media.video != nil else { return }
            guard let installation = Installation.find() else {
                throw RenderFailure(
                    .installationIncomplete, message: "The inference runtime and the models were not found.",
                    suggestion: "Run `make setup`, or inspect with --no-faces.")
            }
            let analyzer = SourceAnalyzer(
                models: try installation.loadFaceModels(), cancellation: cancellation, keepsPictures: false)
            let reader = try VideoReader(path)
            let clip = SourceClip(anyPicture: reader)
            let source = try analyzer.analyze(clip, WantedFrames(allOf: clip)) { _, _ in }
            let context = SelectionContext(
                frames: 0..<source.readCount, clipFrameCount: source.readCount,
                framesPerSecond: reader.info.frameRate.value)
            let chosen = try SpeakerChoice.mostPresent.select(source.records, context).records
            faces = Faces(
                frames: source.readCount, framesWithFace: source.faceCount,
                faces: source.records.enumerated().map {
                    RenderReport.FoundFace($0.element, isSpeaker: chosen.contains($0.offset))
                })
        } catch {
            throw RenderFailure(error)
        }
    }
}

extension RenderReport.FoundFace {
    init(_ record: FaceRecord, isSpeaker: Bool) {
        let count = Double(max(record.frameNumbers.count, 1))
        self.init(
            identity: record.identity, shot: record.shot, firstFrame: record.frameNumbers.first ?? 0,
            lastFrame: record.frameNumbers.last ?? 0, frames: record.frameNumbers.count,
            meanWidthPixels: record.meanWidthPixels,
            meanConfidence: record.confidences.reduce(0) { $0 + Double($1) } / count, isSpeaker: isSpeaker)
    }
}
