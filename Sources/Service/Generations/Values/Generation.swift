public import Text
public import Time

/// Where a generation stands.
public enum GenerationStatus: String, Sendable, CaseIterable {
    /// Accepted, waiting.
    case pending
    /// An attempt runs.
    case processing
    /// The video is made and is being stored.
    case finalizing
    /// The output exists.
    case completed
    /// It ended without output.
    case failed
    /// Refused after acceptance, by a rule and not by a fault.
    case rejected

    /// Whether nothing more will happen.
    public var isTerminal: Bool { self == .completed || self == .failed || self == .rejected }
}

/// What is known about a finished output.
public struct OutputFacts: Hashable, Sendable {
    /// The whole video in the blob store.
    public var blob: BlobKey
    /// The processed part alone, if there is exactly one.
    public var segmentBlob: BlobKey?
    /// The sound that was made from text.
    public var speechBlob: BlobKey?
    /// A picture of the video.
    public var thumbnailBlob: BlobKey?
    /// The measured report, as JSON.
    public var reportBlob: BlobKey?
    /// Length in seconds.
    public var durationSeconds: Double
    /// Picture width in pixels.
    public var width: Int
    /// Picture height in pixels.
    public var height: Int
    /// Size of the whole video.
    public var byteCount: Int64
    /// Number of frames.
    public var frameCount: Int
    /// Length in seconds of the sound that was made from text.
    public var speechSeconds: Double?

    public init(
        blob: BlobKey, segmentBlob: BlobKey? = nil, speechBlob: BlobKey? = nil, thumbnailBlob: BlobKey? = nil,
        reportBlob: BlobKey? = nil, durationSeconds: Double, width: Int, height: Int, byteCount: Int64, frameCount: Int,
        speechSeconds: Double? = nil
    ) {
        self.speechSeconds = speechSeconds
        self.blob = blob
        self.segmentBlob = segmentBlob
        self.speechBlob = speechBlob
        self.thumbnailBlob = thumbnailBlob
        self.reportBlob = reportBlob
        self.durationSeconds = durationSeconds
        self.width = width
        self.height = height
        self.byteCount = byteCount
        self.frameCount = frameCount
    }

    /// Every blob of the output.
    public var blobs: [BlobKey] { [blob, segmentBlob, speechBlob, thumbnailBlob, reportBlob].compactMap { $0 } }
}

/// One accepted request and its life. Both interfaces show views of it.
public struct Generation: Hashable, Sendable {
    /// Its name.
    public let id: GenerationID
    /// Its owner.
    public let organisation: OrganisationID
    /// The project that it is filed under.
    public var project: ProjectID?
    /// The batch that it belongs to.
    public var batch: BatchID?
    /// The name of its line in the batch.
    public var batchRequestName: String?
    /// The asset that its output becomes, where the interface promises one from the start.
    public var outputAsset: AssetID?
    /// Which program sent it, for example `api`.
    public var source: String
    /// What is to be made.
    public var request: GenerationRequest
    /// Where it stands.
    public var status: GenerationStatus
    /// When it was accepted.
    public let createdAt: Timestamp
    /// When its first attempt began.
    public var startedAt: Timestamp?
    /// When it ended.
    public var finishedAt: Timestamp?
    /// How far the newest attempt is, 0 to 1; never decreases.
    public var progress: Double
    /// What was made.
    public var output: OutputFacts?
    /// Why nothing was made.
    public var failure: FailureFacts?

    /// Makes a generation that waits.
    public init(
        id: GenerationID = GenerationID(), organisation: OrganisationID, project: ProjectID? = nil,
        batch: BatchID? = nil, batchRequestName: String? = nil, outputAsset: AssetID? = nil, source: String = "api",
        request: GenerationRequest, createdAt: Timestamp
    ) {
        self.id = id
        self.organisation = organisation
        self.project = project
        self.batch = batch
        self.batchRequestName = batchRequestName
        self.outputAsset = outputAsset
        self.source = source
        self.request = request
        status = .pending
        self.createdAt = createdAt
        progress = 0
    }
}

/// What tells whether a generation has changed since it was read: the request never does.
public struct GenerationRevision: Hashable, Sendable {
    /// Where it stands.
    public let status: GenerationStatus
    /// How far the newest attempt is.
    public let progress: Double
    /// When it ended.
    public let finishedAt: Timestamp?
    /// The project that it is filed under, which may be deleted.
    public let project: ProjectID?

    /// Makes a revision of what a store keeps.
    public init(status: GenerationStatus, progress: Double, finishedAt: Timestamp?, project: ProjectID?) {
        self.project = project
        self.status = status
        self.progress = progress
        self.finishedAt = finishedAt
    }
}

extension Generation {
    /// The revision that this value shows.
    public var revision: GenerationRevision {
        GenerationRevision(status: status, progress: progress, finishedAt: finishedAt, project: project)
    }
}

extension OutputFacts: JSONRepresentable {
    /// Reads the stored form.
    public init(json: JSONValue) throws {
        func key(_ name: String) -> BlobKey? { json[name]?.text.map(BlobKey.init(rawValue:)) }
        self.init(
            blob: BlobKey(rawValue: try json.requiredText("blob")), segmentBlob: key("segment"),
            speechBlob: key("speech"), thumbnailBlob: key("thumbnail"), reportBlob: key("report"),
            durationSeconds: try json.requiredDouble("duration"), width: json["width"]?.int ?? 0,
            height: json["height"]?.int ?? 0, byteCount: Int64(json["bytes"]?.int ?? 0),
            frameCount: json["frames"]?.int ?? 0, speechSeconds: json["speechDuration"]?.double)
    }

    /// The stored form.
    public var json: JSONValue {
        .compact([
            "blob": .string(blob.rawValue), "segment": segmentBlob.map { .string($0.rawValue) },
            "speech": speechBlob.map { .string($0.rawValue) }, "thumbnail": thumbnailBlob.map { .string($0.rawValue) },
            "report": reportBlob.map { .string($0.rawValue) },
            "duration": .number(durationSeconds), "width": .integer(Int64(width)), "height": .integer(Int64(height)),
            "bytes": .integer(byteCount), "frames": .integer(Int64(frameCount)),
            "speechDuration": speechSeconds.map(JSONValue.number),
        ])
    }
}
