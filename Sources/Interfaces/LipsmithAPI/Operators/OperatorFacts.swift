import Generations
public import Time

/// What the program tells this interface about itself, for the installation's pages.
public struct OperatorFacts: Sendable {
    /// A part of the installation that renders.
    public struct Node: Sendable {
        /// What it is called in the store's leases.
        public var name: String
        /// How many jobs it renders at the same time.
        public var slots: Int
        /// Whether it is this process.
        public var isLocal: Bool

        /// Describes a part.
        public init(name: String, slots: Int, isLocal: Bool) {
            self.name = name
            self.slots = slots
            self.isLocal = isLocal
        }
    }

    /// A setting of the server.
    public struct Setting: Sendable {
        /// Its name, as in `public-url`.
        public var name: String
        /// What holds; of a secret only that there is one.
        public var value: String
        /// Whether somebody has set it.
        public var isSet: Bool
        /// What holds where nobody sets it; empty for nothing.
        public var defaultValue: String
        /// What it does, in a sentence.
        public var summary: String

        /// Describes a setting.
        public init(name: String, value: String, isSet: Bool, defaultValue: String, summary: String) {
            self.name = name
            self.value = value
            self.isSet = isSet
            self.defaultValue = defaultValue
            self.summary = summary
        }
    }

    /// The program's version.
    public var version: String
    /// When this process began.
    public var startedAt: Timestamp
    /// The largest file that may be uploaded, in bytes.
    public var uploadByteLimit: Int64
    /// Who renders.
    public var nodes: [Node]
    /// The server's settings, in the order of their document.
    public var settings: [Setting]
    /// What is wrong or less safe than it could be at present: one sentence each.
    public var warnings: @Sendable () async -> [String]

    /// Puts the facts together.
    public init(
        version: String, startedAt: Timestamp, uploadByteLimit: Int64, nodes: [Node] = [], settings: [Setting] = [],
        warnings: @escaping @Sendable () async -> [String] = { [] }
    ) {
        self.version = version
        self.startedAt = startedAt
        self.uploadByteLimit = uploadByteLimit
        self.nodes = nodes
        self.settings = settings
        self.warnings = warnings
    }
}
