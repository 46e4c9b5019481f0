/// On whose behalf the present task works, so that whatever is shared can be shared fairly.
public enum WorkOwner {
    /// The organisation; nil outside of a request or a job.
    @TaskLocal public static var current: OrganisationID?
}
