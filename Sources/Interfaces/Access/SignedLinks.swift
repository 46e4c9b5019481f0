public import Generations
public import HTTP
public import Time

/// A kind of link that opens one thing without a key: a name that is signed, and a path.
///
///     extension LinkKind {
///         static let result = LinkKind("result", path: "/v2/generations/{id}/result")
///     }
public struct LinkKind: Hashable, Sendable {
    /// The beginning of what is signed. It must not change: links of old go on to open.
    public let name: String
    /// The path below the public address, with `{id}` in it.
    public let path: String

    public init(_ name: String, path: String) {
        precondition(path.split(separator: "/").contains("{id}"), "a link's path has an {id}: \(path)")
        self.name = name
        self.path = path
    }

    /// The identifier in a path of this kind; nil for another path.
    func id(in path: String) -> String? {
        let pattern = self.path.split(separator: "/")
        let segments = path.split(separator: "/")
        guard pattern.count == segments.count else { return nil }
        var id: String?
        for (expected, segment) in zip(pattern, segments) {
            if expected == "{id}" { id = String(segment) } else if expected != segment { return nil }
        }
        return id
    }
}

/// What one link opens.
public struct SignedLink: Hashable, Sendable {
    /// How it is opened.
    public let kind: LinkKind
    /// What it opens.
    public let id: String

    public init(_ kind: LinkKind, _ id: String) {
        self.kind = kind
        self.id = id
    }

    var path: String { kind.path.replacing("{id}", with: id, maxReplacements: 1) }
    var signed: String { "\(kind.name)/\(id)" }
}

/// Makes and checks the links that open one thing without a key.
public struct SignedLinks: Sendable {
    /// How long a link lasts that is asked for as one to download by.
    public static let validity = Duration.seconds(7 * 86_400)

    private let signer: DownloadTokenSigner
    private let kinds: [LinkKind]

    /// Makes links with the installation's secret.
    ///
    /// - Parameter kinds: Those of every interface; their names differ.
    public init(signer: DownloadTokenSigner, kinds: [LinkKind]) {
        precondition(Set(kinds.map(\.name)).count == kinds.count, "two kinds of links have one name")
        self.signer = signer
        self.kinds = kinds
    }

    /// The link to a thing below the public address `base`; without an expiry it opens as long as the thing exists.
    public func url<Entity>(
        _ kind: LinkKind, _ id: Identifier<Entity>, base: String, expiry: Timestamp? = nil
    ) -> String {
        let link = SignedLink(kind, id.rawValue)
        return "\(base)\(link.path)?token=\(signer.token(for: link.signed, expiry: expiry))"
    }

    /// Whether the `token` of a request opens `link`.
    public func isOpen(_ link: SignedLink, to request: HTTPRequest, now: Timestamp) -> Bool {
        request.query["token"].map { signer.isValid($0, for: link.signed, now: now) } ?? false
    }

    /// What one of our own links opens, whichever name the server was called by; nil for any other address. A client
    /// may send such a link as an input, and the file is then at hand without a call to ourselves.
    public func subject(of url: String, now: Timestamp) -> SignedLink? {
        guard let mark = url.firstRange(of: "://"), let slash = url[mark.upperBound...].firstIndex(of: "/"),
            let request = try? HTTPRequest(.get, String(url[slash...]))
        else { return nil }
        // Two kinds may have one path, such as the sending of a file and its fetching.
        return kinds.lazy.compactMap { kind in kind.id(in: request.path).map { SignedLink(kind, $0) } }
            .first { isOpen($0, to: request, now: now) }
    }
}
