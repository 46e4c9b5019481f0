public import HTTP

/// The studio: a page in which people make, watch and compare videos. A client of Lipsmith's own API.
public struct StudioPages: Sendable {
    /// Reads the files that are part of the program.
    public init() {}

    /// Adds the page and its files.
    public func register(on router: inout HTTPRouter) {}
}
