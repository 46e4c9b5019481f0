import Time

/// What S3 knows of an object.
struct S3Object: Sendable {
    /// The whole key.
    let key: String
    let byteCount: Int64
    let storedAt: Timestamp
    /// How long ago that was by the service's own clock, in whole seconds; negative where that has been set back.
    let ageSeconds: Int64
    /// The tag of the content.
    let tag: String
}

/// A page of a list.
struct S3Page<Item: Sendable>: Sendable {
    var items: [Item] = []
    /// Where the next page begins; nil on the last one.
    var next: [(name: String, value: String)]?
}
