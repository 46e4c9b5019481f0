import LipSync

/// One thing that an operator may set: by a flag of `lipsmith serve` or by an environment variable; the flag wins.
public struct Setting: Sendable {
    /// What values it takes.
    public enum Kind: Sendable {
        /// Any text.
        case text
        /// Text that is never shown: a key to another service.
        case secret
        /// Names of voices, `theirs=ours,*=flite-slt`.
        case voices
        /// A whole number.
        case number(ClosedRange<Int64>, unit: String)
        /// `true` or `false`.
        case flag
        /// One of some words.
        case choice([String])
        /// Ranges of addresses, `10.0.0.0/8,fd00::/8`.
        case addressRanges
        /// Weights of organisations, `studio=3,trial=0.5`.
        case weights
        /// Numbers of ports, `25,6379`.
        case ports
        /// Origins of web pages, `https://app.example.com`, or `*`.
        case origins
        /// Prices of models, `lipsync-2=0.002,sync-3=0.005`, or `published`.
        case prices

        /// The values in words, for documents.
        public var summary: String {
            switch self {
            case .text: "text"
            case .secret: "text, kept secret"
            case .voices: "id=local id, comma between; * for any other"
            case .number(let range, let unit):
                "\(unit.isEmpty ? "number" : unit), \(range.lowerBound) … \(range.upperBound)"
            case .flag: "true or false"
            case .choice(let words): words.joined(separator: " or ")
            case .ports: "port numbers, comma between"
            case .addressRanges: "CIDR ranges, comma between"
            case .weights: "organisation=weight, comma between"
            case .origins: "origins, comma between; or *"
            case .prices: "model=dollars, comma between; or published"
            }
        }
    }

    /// The name, as in `public-url`.
    public let name: String
    /// What it takes.
    public let kind: Kind
    /// What holds where nothing is set; empty for none.
    public let defaultText: String
    /// What it does.
    public let summary: String
    /// What too low and too high a value, or the other choice, leads to.
    public let effect: String

    /// The environment variable.
    public var variable: String { "LIPSMITH_" + name.uppercased().replacing("-", with: "_") }

    /// The flag.
    public var flag: String { "--" + name }

    init(_ name: String, _ kind: Kind, _ defaultText: String, _ summary: String, _ effect: String) {
        self.name = name
        self.kind = kind
        self.defaultText = defaultText
        self.summary = summary
        self.effect = effect
    }
}

extension Setting {
    /// Every setting of the server, in the order of the document.
    public static let all = serverSettings + voiceSettings

    private static let serverSettings: [Setting] = [
        Setting(
            "data", .text, "lipsmith-data", "The folder of everything that is kept: the database, media and secrets.",
            "Another folder is another installation with keys of its own."),
        Setting(
            "host", .text, "127.0.0.1", "The address to listen on.",
            "127.0.0.1 is reached from this machine only; 0.0.0.0 from everywhere, so put a proxy with TLS in front."),
        Setting(
            "port", .number(0...65_535, unit: ""), "8080", "The port to listen on; 0 takes a free one.",
            "Below 1024 the process needs the right to it."),
        Setting(
            "public-url", .text, "", "How clients reach the server, for example https://lips.example.com.",
            "Unset, links begin as each client called the server, and those of batch webhooks with the listening "
                + "address. Wrong, and every outputUrl leads nowhere."),
        Setting(
            "cors-origins", .origins, "",
            "Origins of web pages that may call the server from a browser, for example https://app.example.com.",
            "Unset, browsers let no page call it, so that a page cannot send a file to an upload address either. * lets "
                + "every page; it still needs a key or a link."),
        Setting(
            "allow-private-networks", .addressRanges, "",
            "Private ranges that inputs and webhooks may be fetched from and sent to.",
            "Unset, only public addresses are called. Too wide, and whoever has a key can read services behind your "
                + "firewall. A cloud's metadata service is called only if its address stands here alone."),
        Setting(
            "allow-ports", .ports, "",
            "Ports that inputs and webhooks may use besides 80, 443 and those from 1024 on.",
            "Unset, mail, shells, databases and other well-known services are not called at their ports, those from "
                + "1024 on included. A service that is named can be sent lines by whoever has a key."),
        Setting(
            "render-slots", .number(0...256, unit: "jobs"), "0",
            "Jobs rendered at the same time; 0 takes half of the cores, at least one.",
            "Too low leaves cores idle; too high makes every job slow and takes up to render-memory for each."),
        Setting(
            "render-memory", .number(512...65_536, unit: "MiB"), "4096", "Memory of one rendering process.",
            "Too low fails large pictures with generation_infra_resource_exhausted; too high lets a hostile file take "
                + "the machine's memory."),
        Setting(
            "attempts", .number(1...20, unit: "attempts"), "3", "How often a job is tried before it fails.",
            "Too low turns a passing fault into a failed job; too high repeats work that cannot succeed."),
        Setting(
            "organisation-slots", .number(0...256, unit: "jobs"), "0",
            "Renders of one organisation at the same time; 0 for as many as there are slots.",
            "Too low leaves slots idle; unlimited lets one organisation's long jobs hold every slot for a while."),
        Setting(
            "organisation-weights", .weights, "",
            "How many renders an organisation has begun for each one of the others, by its name or id.",
            "Unset, organisations with waiting jobs take turns; a high weight makes the others wait longer."),
        Setting(
            "root-without-landlock", .flag, "false",
            "Whether renders run as the superuser on a kernel without Landlock.",
            "false refuses to start there; true lets a decoder that a hostile file has taken over read every file."),
        Setting(
            "input-limit", .number(1...1_048_576, unit: "MiB"), "5120", "The largest input that is fetched.",
            "Too low refuses long videos; too high lets one job fill the disk."),
        Setting(
            "input-timeout", .number(1...86_400, unit: "seconds"), "600",
            "How long a job may take to fetch one input, the wait for its first byte included.",
            "Too low fails inputs on slow servers; too high lets a slow server hold a render slot. A request waits 8 s "
                + "for an address and leaves the rest to the job."),
        Setting(
            "form-file-limit", .number(1...5120, unit: "MiB"), "20", "The largest file in a multipart create request.",
            "Files must be smaller than this, as the contract says. Higher takes larger uploads in one request, each "
                + "of which must arrive before the client's time-out."),
        Setting(
            "upload-limit", .number(1...1_048_576, unit: "MiB"), "5120", "The largest announced upload.",
            "Too low refuses long videos; too high lets one client fill the disk."),
        Setting(
            "media-length-limit", .number(1...Int64(EngineLimits.mediaSeconds), unit: "seconds"),
            "\(Int(EngineLimits.mediaSeconds))", "The longest video or sound.",
            "Too low refuses work; the engine takes no more than two hours."),
        Setting(
            "concurrency-limit", .number(0...1_000_000, unit: "jobs"), "0",
            "Unfinished generations an organisation may have; 0 for any number.",
            "Too low refuses with concurrency_limit_reached what could have waited; unlimited lets the queue grow."),
        Setting(
            "storage-quota", .number(0...1_073_741_824, unit: "MiB"), "0",
            "What one organisation may keep, assets and outputs together; 0 for any amount.",
            "Too low refuses work with storage_quota_exceeded; unlimited lets one organisation fill the disk."),
        Setting(
            "free-space", .number(0...1_073_741_824, unit: "MiB"), "1024",
            "Free disk space below which /ready is 503 and new work is refused with storage_full; 0 never refuses.",
            "Too low fails running jobs when the disk is full; too high refuses what there was room for."),
        Setting(
            "output-retention", .number(0...36_500, unit: "days"), "0",
            "How long the files of an output are kept after its generation has ended; 0 for ever.",
            "Too low, and clients find their links dead; for ever fills the disk."),
        Setting(
            "input-retention", .number(0...36_500, unit: "days"), "7",
            "How long assets that clients sent are kept which no generation, voice or project refers to; 0 for ever.",
            "Too low, and an asset is gone before it is used; for ever keeps what nobody will ever use."),
        Setting(
            "upload-retention", .number(1...8760, unit: "hours"), "1",
            "How long an uploaded file is kept of which no asset is made.",
            "An upload address takes its file for an hour in any case."),
        Setting(
            "quarantine-time", .number(0...3650, unit: "days"), "7",
            "How long files that nothing refers to are kept aside, in blobs/quarantine, before they are deleted.",
            "0 deletes them at once: after a restored backup of the database they are missing."),
        Setting(
            "rate-limit", .number(0...1_000_000, unit: "requests a minute"), "0",
            "Requests a minute for each key; 0 for any number.",
            "Too low refuses polling clients with rate_limit_exceeded; unlimited lets one client keep the server busy."),
        Setting(
            "webhook-timeout", .number(1...120, unit: "seconds"), "10", "How long a receiver of a webhook may take.",
            "Too low repeats messages that a slow receiver has taken; too high delays the others."),
        Setting(
            "plain-webhooks", .flag, "true", "Whether webhookUrl may begin with http.",
            "false refuses what is not encrypted."),
        Setting(
            "create-status", .choice(["201", "200"]), "201", "The status of an accepted generation.",
            "201 is documented; 200 is for clients that take anything else for a failure."),
        Setting(
            "cost-reply", .choice(["list", "object"]), "list", "The form of the reply of /v2/analyze/cost.",
            "list is what the SDKs expect; object is what an older editor plugin shows a price from."),
        Setting(
            "refuse-voice-with-dub", .flag, "false", "Whether audio or text beside dubParams is refused.",
            "false ignores it, as the contract's page says; true refuses it, as the newer error catalogue says."),
        Setting(
            "prices", .prices, "", "What a frame costs in US dollars, shown by the cost routes.",
            "Unset, everything costs nothing; published takes the hosted service's prices."),
        Setting(
            "hedra-credits", .number(-1...1_000_000_000, unit: "credits"), "-1",
            "The credits that an organisation may spend in Hedra's interface; -1 for any number.",
            "-1 shows a large constant balance and refuses nothing; otherwise jobs that cost more than is left are "
                + "refused with 402."),
        Setting(
            "hedra-credits-error", .choice(["MISSING_CREDITS", "INSUFFICIENT_BALANCE"]), "MISSING_CREDITS",
            "The name of the error of an organisation without credits.",
            "The first is the name of early 2026, the other one the name since July 2026."),
        Setting(
            "http-threads", .number(1...64, unit: "threads"), "2", "Threads that serve connections.",
            "More than cores is of no use; one is enough for a laptop."),
        Setting(
            "connection-limit", .number(16...100_000, unit: "connections"), "10000", "Connections at the same time.",
            "Too low makes clients wait; too high needs the right to as many open files."),
        Setting(
            "shutdown-seconds", .number(0...3600, unit: "seconds"), "30",
            "How long running requests may go on when the server is stopped. Long polls answer at once.",
            "Too low cuts downloads; too high delays a restart. Running jobs go on until then and are handed back."),
        Setting(
            "access-log", .flag, "true", "Whether every request is written to standard error as a line of JSON.",
            "false leaves errors and job events."),
    ]
}
