/// The keys of a store in its bucket.
struct S3Keys: Sendable {
    /// What the keys of stored files begin with.
    let files: String
    /// What those of files begin with that nobody refers to.
    let quarantine: String
    /// What those of files begin with that have no name yet.
    let temporary: String
    /// Where it is written whose files these are.
    let installation: String

    init(prefix: String) {
        let start = prefix.isEmpty ? "" : "\(prefix)/"
        files = "\(start)files/"
        quarantine = "\(start)quarantine/"
        temporary = "\(start)tmp/"
        installation = "\(start)lipsmith-installation.json"
    }
}
