public import Blobs
public import Generations
public import HTTP
import SyncAPI

/// A setting's value that cannot be used.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// Which setting.
    public let setting: String
    /// One sentence.
    public let description: String
}

/// Everything that an operator has set, read and checked.
public struct ServerConfiguration: Sendable {
    /// The folder of everything that is kept.
    public var dataFolder: String
    /// The database of an installation with several machines; nil for the data folder.
    public var databaseURL: String?
    /// A file with the password to it.
    public var databasePasswordFile: String?
    /// Connections to it at the same time.
    public var databaseConnections: Int
    /// The bucket of media; nil for the data folder.
    public var blobsAddress: S3Address?
    /// How clients get media out of it.
    public var blobDownloads: S3Configuration.Downloads
    /// Bytes of what lies in it that this machine keeps.
    public var blobCacheBytes: Int64
    /// The address to listen on.
    public var host: String
    /// The port; 0 for a free one.
    public var port: Int
    /// How clients reach the server.
    public var publicURL: String?
    /// Origins of web pages that may call the server; empty for none.
    public var allowedOrigins: Set<String>
    /// Private ranges that may be called.
    public var privateNetworks: [NetworkRange]
    /// Ports that may be called besides the web's and free ones.
    public var allowedPorts: Set<UInt16>
    /// Jobs at the same time; 0 for half of the cores.
    public var renderSlots: Int
    /// Seconds of output from which on a job is done in parts; 0 for none.
    public var divisionSeconds: Double
    /// What is taken from the queues.
    public var roles: Set<WorkRole>
    /// Memory of one rendering process in bytes.
    public var renderMemoryBytes: Int64
    /// How often a job is tried.
    public var attemptLimit: Int
    /// Whose turn it is.
    public var turns: TurnPolicy
    /// Whether renders run as the superuser where the kernel has no Landlock.
    public var allowsRootWithoutLandlock: Bool
    /// What one organisation may keep in bytes; nil for any amount.
    public var storageQuotaBytes: Int64?
    /// Free bytes below which nothing new is taken.
    public var freeSpaceBytes: Int64
    /// How long things are kept.
    public var retention: RetentionPolicy
    /// How long files that nothing refers to are kept aside.
    public var quarantineTime: Duration
    /// The largest fetched input in bytes.
    public var inputByteLimit: Int64
    /// How long fetching one input may take.
    public var inputTimeout: Duration
    /// The largest file of a form in bytes; files must be smaller.
    public var formFileByteLimit: Int64
    /// The largest announced upload in bytes.
    public var uploadByteLimit: Int64
    /// The longest video or sound in seconds.
    public var mediaSecondsLimit: Double
    /// Unfinished generations of an organisation; nil for any number.
    public var concurrencyLimit: Int?
    /// Requests a minute for each key and each session; 0 for any number.
    public var requestsPerMinute: Int
    /// How long a receiver of a webhook may take.
    public var webhookTimeout: Duration
    /// Whether webhooks may go out unencrypted.
    public var allowsPlainWebhooks: Bool
    /// Threads that serve connections.
    public var threadCount: Int
    /// Connections at the same time.
    public var connectionLimit: Int
    /// How long running requests may go on after a stop.
    public var shutdownLimit: Duration
    /// Whether requests are logged.
    public var logsRequests: Bool
    /// Which published interfaces are answered, and how.
    public var interfaces: InterfaceSettings
    /// What outputs say of where they come from.
    public var provenance: ProvenanceSettings
    /// Who speaks.
    public var voices: VoiceSettings
    /// Every setting with what holds of it, in the order of the document.
    public let settings: [EffectiveSetting]

    /// Reads what was set.
    ///
    /// - Parameters:
    ///   - flags: Values by setting names, as in `public-url`.
    ///   - environment: The process's variables.
    /// - Throws: `ConfigurationError` about the first setting that cannot be used.
    public init(flags: [String: String] = [:], environment: [String: String] = [:]) throws(ConfigurationError) {
        let reader = SettingReader(flags: flags, environment: environment)
        dataFolder = try reader.text("data")
        databaseURL = try reader.optionalText("database-url")
        if let url = databaseURL, !url.hasPrefix("postgres://"), !url.hasPrefix("postgresql://") {
            throw ConfigurationError(
                setting: "database-url",
                description: "--database-url (LIPSMITH_DATABASE_URL) must begin with postgres://.")
        }
        databasePasswordFile = try reader.optionalText("database-password-file")
        databaseConnections = Int(try reader.number("database-connections"))
        if let url = try reader.optionalText("blobs-url") {
            do { blobsAddress = try S3Address(parsing: url) } catch {
                throw ConfigurationError(
                    setting: "blobs-url", description: "--blobs-url (LIPSMITH_BLOBS_URL): \(error)")
            }
        }
        blobDownloads = try reader.choice("blob-downloads") == "proxy" ? .proxy : .redirect
        blobCacheBytes = try reader.number("blob-cache") << 20
        host = try reader.text("host")
        port = Int(try reader.number("port"))
        publicURL = try reader.address("public-url")
        allowedOrigins = try reader.origins("cors-origins")
        privateNetworks = try reader.ranges("allow-private-networks")
        allowedPorts = try reader.ports("allow-ports")
        renderSlots = Int(try reader.number("render-slots"))
        divisionSeconds = Double(try reader.number("division-length"))
        roles = try reader.roles("roles")
        renderMemoryBytes = try reader.number("render-memory") << 20
        attemptLimit = Int(try reader.number("attempts"))
        turns = TurnPolicy()
        let organisationSlots = Int(try reader.number("organisation-slots"))
        turns.runningLimit = organisationSlots == 0 ? nil : organisationSlots
        turns.weights = try reader.weights("organisation-weights")
        allowsRootWithoutLandlock = try reader.flag("root-without-landlock")
        let quota = try reader.number("storage-quota")
        storageQuotaBytes = quota == 0 ? nil : quota << 20
        freeSpaceBytes = try reader.number("free-space") << 20
        retention = RetentionPolicy()
        retention.outputs = try reader.days("output-retention")
        retention.unusedInputs = try reader.days("input-retention")
        retention.uploads = .seconds(try reader.number("upload-retention") * 3600)
        quarantineTime = .seconds(try reader.number("quarantine-time") * 86_400)
        inputByteLimit = try reader.number("input-limit") << 20
        inputTimeout = .seconds(try reader.number("input-timeout"))
        formFileByteLimit = try reader.number("form-file-limit") << 20
        uploadByteLimit = try reader.number("upload-limit") << 20
        mediaSecondsLimit = Double(try reader.number("media-length-limit"))
        let concurrency = Int(try reader.number("concurrency-limit"))
        concurrencyLimit = concurrency == 0 ? nil : concurrency
        requestsPerMinute = Int(try reader.number("rate-limit"))
        webhookTimeout = .seconds(try reader.number("webhook-timeout"))
        allowsPlainWebhooks = try reader.flag("plain-webhooks")
        threadCount = Int(try reader.number("http-threads"))
        connectionLimit = Int(try reader.number("connection-limit"))
        shutdownLimit = .seconds(try reader.number("shutdown-seconds"))
        logsRequests = try reader.flag("access-log")
        interfaces = try InterfaceSettings(reader)
        provenance = try ProvenanceSettings(reader)
        voices = try VoiceSettings(reader)
        settings = Setting.all.map { EffectiveSetting($0, value: reader.given($0)) }
    }

    /// The variables that count for every command and are no settings of the server.
    public static let commonVariables = [
        "LIPSMITH_RUNTIME", "LIPSMITH_CACHE", "LIPSMITH_THREADS", "LIPSMITH_DEBUG", "LIPSMITH_SERVER",
        "LIPSMITH_KEY",
    ]

    /// Variables that begin as settings do but name none: most likely misspelt.
    public static func unknownVariables(in environment: [String: String]) -> [String] {
        let known = Set(Setting.all.map(\.variable) + commonVariables)
        return environment.keys.filter { $0.hasPrefix("LIPSMITH_") && !known.contains($0) }.sorted()
    }
}

/// Finds and parses the values of settings.
struct SettingReader {
    let flags: [String: String]
    let environment: [String: String]

    func text(_ name: String) throws(ConfigurationError) -> String {
        let text = value(setting(name))
        guard !text.isEmpty else { throw failure(name, "must not be empty") }
        return text
    }

    /// A text that may be left out.
    func optionalText(_ name: String) throws(ConfigurationError) -> String? {
        let text = value(setting(name))
        // It may become a header field.
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw failure(name, "must be one line") }
        return text.isEmpty ? nil : text
    }

    func voices(_ name: String) throws(ConfigurationError) -> [String: String] {
        var map: [String: String] = [:]
        for part in value(setting(name)).split(separator: ",") {
            let words = part.split(separator: "=", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
            guard words.count == 2, !words[0].isEmpty, !words[1].isEmpty else {
                throw failure(name, "must be pairs such as 21m00Tcm4TlvDq8ikWAM=flite-slt, with commas between")
            }
            map[words[0]] = words[1]
        }
        return map
    }

    func address(_ name: String) throws(ConfigurationError) -> String? {
        let text = value(setting(name))
        guard !text.isEmpty else { return nil }
        // Links begin with it, and clients may not encode them.
        guard WebAddress.isWellFormed(text), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw failure(name, "must be an http or https address")
        }
        return text
    }

    func number(_ name: String) throws(ConfigurationError) -> Int64 {
        guard case .number(let range, _) = setting(name).kind, let number = Int64(value(setting(name))),
            range.contains(number)
        else { throw failure(name, "must be \(setting(name).kind.summary)") }
        return number
    }

    /// Days; nil where 0 stands for ever.
    func days(_ name: String) throws(ConfigurationError) -> Duration? {
        let days = try number(name)
        return days == 0 ? nil : .seconds(days * 86_400)
    }

    func weights(_ name: String) throws(ConfigurationError) -> [String: Double] {
        var weights: [String: Double] = [:]
        for part in value(setting(name)).split(separator: ",") {
            // An organisation's name may have an equals sign in it.
            guard let equals = part.lastIndex(of: "="), case let owner = part[..<equals].trimmed, !owner.isEmpty,
                let weight = Double(part[part.index(after: equals)...].trimmed), (0.01...100).contains(weight)
            else {
                throw failure(name, "must be pairs such as studio=3, weights from 0.01 to 100, with commas between")
            }
            weights[owner] = weight
        }
        return weights
    }

    func roles(_ name: String) throws(ConfigurationError) -> Set<WorkRole> {
        let words = value(setting(name)).split(separator: ",").map { $0.trimmed }
        let roles = words.compactMap { WorkRole(rawValue: $0) }
        guard !roles.isEmpty, roles.count == words.count else {
            throw failure(name, "must be some of render, speak and deliver, with commas between")
        }
        return Set(roles)
    }

    func interfaces(_ name: String) throws(ConfigurationError) -> Set<PublishedInterface> {
        let words = value(setting(name)).split(separator: ",").map { $0.trimmed }
        let known = PublishedInterface.allCases.map(\.rawValue)
        let interfaces = words.compactMap { PublishedInterface(rawValue: $0) }
        guard interfaces.count == words.count else {
            throw failure(name, "must be some of \(known.joined(separator: ", ")), with commas between")
        }
        return Set(interfaces)
    }

    func flag(_ name: String) throws(ConfigurationError) -> Bool {
        switch value(setting(name)).lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw failure(name, "must be true or false")
        }
    }

    func choice(_ name: String) throws(ConfigurationError) -> String {
        guard case .choice(let words) = setting(name).kind, case let word = value(setting(name)), words.contains(word)
        else { throw failure(name, "must be \(setting(name).kind.summary)") }
        return word
    }

    func ranges(_ name: String) throws(ConfigurationError) -> [NetworkRange] {
        let text = value(setting(name))
        guard let ranges = NetworkRange.list(text) else {
            throw failure(name, "must be ranges of addresses such as 10.0.0.0/8, with commas between")
        }
        return ranges
    }

    func ports(_ name: String) throws(ConfigurationError) -> Set<UInt16> {
        guard let ports = NetworkPort.list(value(setting(name))) else {
            throw failure(name, "must be port numbers such as 8500, with commas between")
        }
        return ports
    }

    func origins(_ name: String) throws(ConfigurationError) -> Set<String> {
        var origins: Set<String> = []
        for part in value(setting(name)).split(separator: ",") {
            let origin = part.filter { $0 != " " }.lowercased()
            // Browsers send no path, so one with a path would never be met.
            let isOrigin = WebAddress.isWellFormed(origin) && origin.split(separator: "/").count == 2
            guard origin == "*" || isOrigin, !origin.hasSuffix("/"), !origin.contains("@") else {
                throw failure(name, "must be origins such as https://app.example.com, without a path, or *")
            }
            origins.insert(origin)
        }
        return origins
    }

    func prices(_ name: String) throws(ConfigurationError) -> PriceList {
        let text = value(setting(name))
        if text == "published" { return SyncModels.publishedPrices }
        var prices = PriceList()
        for part in text.split(separator: ",") {
            let words = part.split(separator: "=").map { $0.filter { $0 != " " } }
            guard words.count == 2, let model = ModelCatalog.served.model(named: words[0]),
                let rate = Double(words[1]), (0...1000).contains(rate)
            else { throw failure(name, "must be pairs such as lipsync-2=0.002, with commas between") }
            prices.ratePerFrame[model.name] = rate
        }
        return prices
    }

    private func setting(_ name: String) -> Setting {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            preconditionFailure("there is no setting \(name)")
        }
        return setting
    }

    /// What a flag or a variable sets; nil where neither does.
    func given(_ setting: Setting) -> String? { flags[setting.name] ?? environment[setting.variable] }

    private func value(_ setting: Setting) -> String { given(setting) ?? setting.defaultText }

    private func failure(_ name: String, _ predicate: String) -> ConfigurationError {
        let setting = setting(name)
        if case .secret = setting.kind {
            return ConfigurationError(
                setting: name, description: "\(setting.flag) (\(setting.variable)) \(predicate).")
        }
        return ConfigurationError(
            setting: name, description: "\(setting.flag) (\(setting.variable)) \(predicate), not “\(value(setting))”.")
    }
}

extension Substring {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
