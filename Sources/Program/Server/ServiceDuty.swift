/// What a process of an installation does.
public enum ServiceDuty: Sendable {
    /// Answers requests and works, the embedded default.
    case everything
    /// Answers requests; other processes work.
    case answersOnly
    /// Works, and tells whoever watches machines how it is; no interface is served.
    case worksOnly

    var works: Bool { self != .answersOnly }
    var answers: Bool { self != .worksOnly }
}
