import Face

/// The first pass over one span of a clip.
struct SpanRecord: StepRecord {
    static let kind = "span"

    var step: SpanStep
    var source: SourceAnalysis
    /// What the tracker remembered before the span's first frame and behind its last one.
    var entry: FaceTrackerState
    var exit: FaceTrackerState
}

/// Puts the spans of a clip together to what one pass over all of it gives, to the bit.
///
/// Faces are followed from frame to frame, so that a span by itself knows nothing of what was followed before it. It begins a
/// little earlier than its first frame; what is followed then settles to the same as in a pass from the beginning, as a rule
/// to the same bits. Whether it did is seen here: the state with which a span began must be the one with which the span
/// before has ended. Where it is not, the span is to be read again from that state.
struct SpanJoint {
    private(set) var source = SourceAnalysis()
    private var exit: FaceTrackerState?
    /// For the identities of the span that was added last those of the whole.
    private var identityCount = 0
    private var shot = -1
    private let keepsManyPictures: Bool

    init(keepsManyPictures: Bool) { self.keepsManyPictures = keepsManyPictures }

    /// Adds the next span.
    ///
    /// - Returns: Whether it goes on where the one before has ended; it is not added otherwise.
    mutating func append(_ span: SpanRecord) -> Bool {
        var known: [Int: Int] = [:]
        if let exit {
            guard let identities = exit.identities(of: span.entry) else { return false }
            known = identities.mapValues { self.identities[$0] ?? $0 }
        }
        let (first, count, shotOffset) = (span.entry.nextIdentity, identityCount, shot - span.entry.shot)
        func identity(_ identity: Int) -> Int { known[identity] ?? count + identity - first }
        source.append(
            span.source, shotOffset: shotOffset, keepsManyPictures: keepsManyPictures, identity: identity)
        // What the next span names is named by this one's numbers first.
        identities = [:]
        for seen in 0..<max(first, span.exit.nextIdentity) where seen >= first || known[seen] != nil {
            identities[seen] = identity(seen)
        }
        identityCount = count + span.exit.nextIdentity - first
        shot = span.exit.shot + shotOffset
        exit = span.exit
        return true
    }

    private var identities: [Int: Int] = [:]
}
