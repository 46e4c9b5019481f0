public import Foundation

/// What a child is asked that puts signed manifests into finished files. The key stays with the parent, which is asked to sign.
public struct SealingOrder: Codable, Sendable {
    /// A file that something was made of.
    public struct Ingredient: Codable, Sendable {
        /// Where it is; `nil` where it is not here any more, so that the manifest names it and no more.
        public var path: String?
        /// What the manifest says of it, as JSON.
        public var definition: String

        public init(path: String?, definition: String) {
            self.path = path
            self.definition = definition
        }
    }

    /// A finished file.
    public struct File: Codable, Sendable {
        /// Where it is.
        public var path: String
        /// Where it is written with its manifest.
        public var sealedPath: String
        /// Its media type.
        public var contentType: String
        /// The manifest, as JSON, without ingredients.
        public var definition: String
        /// What it was made of.
        public var ingredients: [Ingredient]

        public init(
            path: String, sealedPath: String, contentType: String, definition: String, ingredients: [Ingredient]
        ) {
            self.path = path
            self.sealedPath = sealedPath
            self.contentType = contentType
            self.definition = definition
            self.ingredients = ingredients
        }
    }

    /// The files in order: a sealed one may be an ingredient of those behind it.
    public var files: [File]
    /// The signer's certificate and those above it, in PEM.
    public var certificates: String
    /// The name of the algorithm in the manifest, such as `es256`.
    public var algorithm: String
    /// Whether manifests of the ingredients are read and kept.
    public var readsIngredients: Bool

    public init(
        files: [File], certificates: String, algorithm: String, readsIngredients: Bool
    ) {
        self.files = files
        self.certificates = certificates
        self.algorithm = algorithm
        self.readsIngredients = readsIngredients
    }
}

/// What became of the files of an order.
public struct SealingOutcome: Codable, Hashable, Sendable {
    /// For each file the positions of ingredients whose own manifests could not be read or are too large, so that they are
    /// named without them.
    public var unreadIngredients: [[Int]]

    public init(unreadIngredients: [[Int]]) { self.unreadIngredients = unreadIngredients }
}

/// What a child asks its parent in the middle of its work; the answer is a line of base64 on its standard input, empty for a
/// refusal.
public enum ChildQuestion: Codable, Hashable, Sendable {
    /// To sign bytes: a `Sig_structure` of COSE (RFC 9052).
    case signature(of: Data)
}
