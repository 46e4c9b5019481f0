public import Time

/// What a store keeps of a job after an event: the generation as readers see it, and what its end brings with it.
///
/// ```swift
/// let conclusion = JobConclusion(generation, lifecycle, at: now)
/// ```
public struct JobConclusion: Sendable {
    /// The generation as it stands now.
    public private(set) var generation: Generation
    /// Whether anything that readers see differs from before.
    public let isVisible: Bool
    /// Credits that are given back, at least 0: what does not complete costs nothing. A job whose row cannot be read ends
    /// without a conclusion, since its cost is unknown.
    public private(set) var refund = 0
    /// The webhook that tells of the end; `nil` where nobody is to be told.
    public private(set) var delivery: WebhookDelivery?

    /// Applies what a life cycle has become.
    ///
    /// - Parameter now: The time of day; `nil` for events that neither start nor end anything.
    public init(_ before: Generation, _ lifecycle: JobLifecycle, at now: Timestamp?) {
        generation = before
        generation.status = lifecycle.status
        generation.progress = lifecycle.progress
        if generation.startedAt == nil, lifecycle.attempts.lease != nil { generation.startedAt = now }
        isVisible = before.status != lifecycle.status || before.progress != lifecycle.progress
        guard lifecycle.status.isTerminal else { return }
        generation.output = lifecycle.output
        generation.failure = lifecycle.failure
        generation.finishedAt = now
        if lifecycle.status != .completed { refund = max(0, before.request.credits ?? 0) }
        guard let url = before.request.webhookURL, let now else { return }
        delivery = WebhookDelivery(
            organisation: before.organisation, generation: before.id, batch: nil, url: url, createdAt: now)
    }

    /// Whether assets and the voice of an attempt's report are kept: only those of the attempt that completed the job.
    public func keepsResults(after action: JobLifecycle.Action) -> Bool {
        action == .finish && generation.status == .completed
    }

    /// What a generation shows whose stored row cannot be read: it would be claimed again and again, before all others.
    public static let damaged = FailureFacts(code: .internalError)
}

extension ClonedVoice {
    /// The same voice under a name of its own, for where another voice has taken its name since it was ordered: it exists
    /// at its provider, so nothing may keep it out.
    public var renamedApart: ClonedVoice {
        ClonedVoice(
            id: id, organisation: organisation, name: "\(name) (\(id))", sample: sample, createdAt: createdAt,
            asset: asset)
    }
}

extension Generation {
    /// Refuses to be deleted while it has not ended.
    ///
    /// - Throws: `GenerationError` of code `generationNotEnded`.
    public func checkDeletable() throws(GenerationError) {
        guard status.isTerminal else { throw GenerationError(.generationNotEnded) }
    }
}

extension Asset {
    /// Whether this stored asset may be given another content.
    ///
    /// - Parameters:
    ///   - owner: Who asks.
    ///   - known: The content that it had when the new one was looked at; it may have got another since.
    ///   - isUsed: Whether a generation has it as input.
    public func mayBeReplaced(by owner: OrganisationID, known: BlobKey?, isUsed: Bool) -> Bool {
        // What had no content until now cannot have been used.
        organisation == owner && blob == known && generation == nil && (known == nil || !isUsed)
    }

    /// The blobs that nothing of this asset refers to any more once it has become `changed`.
    public func blobsGivenUp(for changed: Asset?) -> [BlobKey] {
        [blob, thumbnailBlob].compactMap { $0 }.filter { $0 != changed?.blob && $0 != changed?.thumbnailBlob }
    }
}

extension Project {
    /// Decides what an order for a new project means where one of its name exists: the same one again.
    ///
    /// - Parameter isDeleted: Whether `known` was deleted.
    /// - Throws: `GenerationError` of code `projectNameTaken` where the name is foreign or was deleted.
    public func replay(of known: Project, isDeleted: Bool) throws(GenerationError) -> Project {
        guard known.organisation == organisation, !isDeleted else {
            throw GenerationError(.projectNameTaken, field: .identifier)
        }
        return known
    }
}
