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
        /// Parts of the work, `render,deliver`.
        case roles
        /// Published interfaces, `sync,hedra`.
        case interfaces
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
            case .roles: "names of work, comma between"
            case .interfaces: "names of interfaces, comma between"
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

    public var flag: String { "--" + name }

    init(_ name: String, _ kind: Kind, default defaultText: String, summary: String, effect: String) {
        self.name = name
        self.kind = kind
        self.defaultText = defaultText
        self.summary = summary
        self.effect = effect
    }
}

extension Setting {
    /// Every setting of the server, in the order of the document.
    public static let all = serverSettings + interfaceSettings + provenanceSettings + voiceSettings

    private static let serverSettings: [Setting] = [
        Setting(
            "data", .text, default: "lipsmith-data",
            summary: "The folder of everything that is kept: the database, media and secrets.",
            effect: "Another folder is another installation with keys of its own."),
        Setting(
            "database-url", .secret, default: "",
            summary:
                "The PostgreSQL database of an installation with several machines, as postgres://user@host/database.",
            effect:
                "Unset, the state is kept in the data folder, for one machine. Set, every machine with the same database "
                + "and the same media is one of the installation; the options of libpq are taken, such as sslmode and "
                + "sslrootcert."),
        Setting(
            "database-password-file", .text, default: "",
            summary: "A file with the password to that database, on its first line.",
            effect: "Unset, the password is taken from the address, or from where libpq looks for it."),
        Setting(
            "database-connections", .number(2...200, unit: "connections"), default: "8",
            summary: "Connections to that database at the same time, of each process.",
            effect: "Too low makes requests wait for each other; too high and the database refuses some."),
        Setting(
            "blobs-url", .text, default: "",
            summary:
                "The bucket of media, as s3://bucket/prefix, with ?endpoint=https://host&region=name for a service that is "
                + "not Amazon's. Its key is taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a credentials file or "
                + "the machine's role.",
            effect: "Unset, media are kept in the data folder, for one machine."),
        Setting(
            "blob-downloads", .choice(["redirect", "proxy"]), default: "redirect",
            summary:
                "How clients get media out of a bucket: by an address of the bucket, good for an hour, or through here.",
            effect: "With redirect clients must reach the bucket; with proxy every byte passes through the server."),
        Setting(
            "blob-cache", .number(0...10_485_760, unit: "MiB"), default: "10240",
            summary: "How much of what lies in a bucket a machine keeps on its disk for its next jobs; 0 for nothing.",
            effect:
                "Too low fetches a long clip again for each of its parts; too high fills the disk of the data folder."),
        Setting(
            "host", .text, default: "127.0.0.1", summary: "The address to listen on.",
            effect:
                "127.0.0.1 is reached from this machine only; 0.0.0.0 from everywhere, so put a proxy with TLS in front."
        ),
        Setting(
            "port", .number(0...65_535, unit: ""), default: "8080",
            summary: "The port to listen on; 0 takes a free one.",
            effect: "Below 1024 the process needs the right to it."),
        Setting(
            "public-url", .text, default: "",
            summary: "How clients reach the server, for example https://lips.example.com.",
            effect:
                "Unset, links begin as each client called the server, and those of batch webhooks with the listening "
                + "address. Wrong, and every outputUrl leads nowhere."),
        Setting(
            "cors-origins", .origins, default: "",
            summary:
                "Origins of web pages that may call the server from a browser, for example https://app.example.com.",
            effect:
                "Unset, browsers let no page call it, so that a page cannot send a file to an upload address either. * lets "
                + "every page; it still needs a key or a link."),
        Setting(
            "allow-private-networks", .addressRanges, default: "",
            summary: "Private ranges that inputs and webhooks may be fetched from and sent to.",
            effect:
                "Unset, only public addresses are called. Too wide, and whoever has a key can read services behind your "
                + "firewall. A cloud's metadata service is called only if its address stands here alone."),
        Setting(
            "allow-ports", .ports, default: "",
            summary: "Ports that inputs and webhooks may use besides 80, 443 and those from 1024 on.",
            effect:
                "Unset, mail, shells, databases and other well-known services are not called at their ports, those from "
                + "1024 on included. A service that is named can be sent lines by whoever has a key."),
        Setting(
            "render-slots", .number(0...256, unit: "jobs"), default: "0",
            summary: "Jobs rendered at the same time; 0 takes half of the cores, at least one.",
            effect: "Too low leaves cores idle; too high makes every job slow and takes up to render-memory for each."),
        Setting(
            "division-length", .number(0...86_400, unit: "seconds"), default: "120",
            summary:
                "From which length of the output on a video is made in parts, where several renders may run at once, on this machine or on others; 0 for none.",
            effect:
                "Too low spends more processor time on short videos than it saves waiting; too high leaves machines idle beside a long one."
        ),
        Setting(
            "roles", .roles, default: "render,speak,deliver",
            summary:
                "What a process takes from the queues: render for videos, speak for speech and other short jobs, deliver "
                + "for webhooks.",
            effect: "What no process of an installation takes waits for ever."),
        Setting(
            "render-memory", .number(512...65_536, unit: "MiB"), default: "4096",
            summary: "Memory of one rendering process.",
            effect:
                "Too low fails large pictures with generation_infra_resource_exhausted; too high lets a hostile file take "
                + "the machine's memory."),
        Setting(
            "attempts", .number(1...20, unit: "attempts"), default: "3",
            summary: "How often a job is tried before it fails.",
            effect: "Too low turns a passing fault into a failed job; too high repeats work that cannot succeed."),
        Setting(
            "organisation-slots", .number(0...256, unit: "jobs"), default: "0",
            summary: "Renders of one organisation at the same time; 0 for as many as there are slots.",
            effect:
                "Too low leaves slots idle; unlimited lets one organisation's long jobs hold every slot for a while."),
        Setting(
            "organisation-weights", .weights, default: "",
            summary: "How many renders an organisation has begun for each one of the others, by its name or id.",
            effect: "Unset, organisations with waiting jobs take turns; a high weight makes the others wait longer."),
        Setting(
            "root-without-landlock", .flag, default: "false",
            summary: "Whether renders run as the superuser on a kernel without Landlock.",
            effect:
                "false refuses to start there; true lets a decoder that a hostile file has taken over read every file."),
        Setting(
            "input-limit", .number(1...1_048_576, unit: "MiB"), default: "5120",
            summary: "The largest input that is fetched.",
            effect: "Too low refuses long videos; too high lets one job fill the disk."),
        Setting(
            "input-timeout", .number(1...86_400, unit: "seconds"), default: "600",
            summary: "How long a job may take to fetch one input, the wait for its first byte included.",
            effect:
                "Too low fails inputs on slow servers; too high lets a slow server hold a render slot. A request waits 8 s "
                + "for an address and leaves the rest to the job."),
        Setting(
            "form-file-limit", .number(1...5120, unit: "MiB"), default: "20",
            summary: "The largest file in a multipart create request.",
            effect:
                "Files must be smaller than this, as the contract says. Higher takes larger uploads in one request, each "
                + "of which must arrive before the client's time-out."),
        Setting(
            "upload-limit", .number(1...1_048_576, unit: "MiB"), default: "5120",
            summary: "The largest announced upload.",
            effect: "Too low refuses long videos; too high lets one client fill the disk."),
        Setting(
            "media-length-limit", .number(1...Int64(EngineLimits.mediaSeconds), unit: "seconds"),
            default: "\(Int(EngineLimits.mediaSeconds))", summary: "The longest video or sound.",
            effect: "Too low refuses work; the engine takes no more than two hours."),
        Setting(
            "concurrency-limit", .number(0...1_000_000, unit: "jobs"), default: "0",
            summary: "Unfinished generations an organisation may have; 0 for any number.",
            effect:
                "Too low refuses with concurrency_limit_reached what could have waited; unlimited lets the queue grow."),
        Setting(
            "storage-quota", .number(0...1_073_741_824, unit: "MiB"), default: "0",
            summary: "What one organisation may keep, assets and outputs together; 0 for any amount.",
            effect: "Too low refuses work with storage_quota_exceeded; unlimited lets one organisation fill the disk."),
        Setting(
            "free-space", .number(0...1_073_741_824, unit: "MiB"), default: "1024",
            summary:
                "Free disk space below which /ready is 503 and new work is refused with storage_full; 0 never refuses.",
            effect: "Too low fails running jobs when the disk is full; too high refuses what there was room for."),
        Setting(
            "output-retention", .number(0...36_500, unit: "days"), default: "0",
            summary: "How long the files of an output are kept after its generation has ended; 0 for ever.",
            effect: "Too low, and clients find their links dead; for ever fills the disk."),
        Setting(
            "input-retention", .number(0...36_500, unit: "days"), default: "7",
            summary:
                "How long assets that clients sent are kept which no generation, voice or project refers to; 0 for ever.",
            effect: "Too low, and an asset is gone before it is used; for ever keeps what nobody will ever use."),
        Setting(
            "upload-retention", .number(1...8760, unit: "hours"), default: "1",
            summary: "How long an uploaded file is kept of which no asset is made.",
            effect: "An upload address takes its file for an hour in any case."),
        Setting(
            "quarantine-time", .number(0...3650, unit: "days"), default: "7",
            summary:
                "How long files that nothing refers to are kept aside, in blobs/quarantine, before they are deleted.",
            effect: "0 deletes them at once: after a restored backup of the database they are missing."),
        Setting(
            "rate-limit", .number(0...1_000_000, unit: "requests a minute"), default: "0",
            summary: "Requests a minute for each key and each session; 0 for any number.",
            effect:
                "Too low refuses polling clients with rate_limit_exceeded; unlimited lets one client keep the server busy."
        ),
        Setting(
            "webhook-timeout", .number(1...120, unit: "seconds"), default: "10",
            summary: "How long a receiver of a webhook may take.",
            effect: "Too low repeats messages that a slow receiver has taken; too high delays the others."),
        Setting(
            "plain-webhooks", .flag, default: "true", summary: "Whether webhookUrl may begin with http.",
            effect: "false refuses what is not encrypted."),
        Setting(
            "http-threads", .number(1...64, unit: "threads"), default: "2", summary: "Threads that serve connections.",
            effect: "More than cores is of no use; one is enough for a laptop."),
        Setting(
            "connection-limit", .number(16...100_000, unit: "connections"), default: "10000",
            summary: "Connections at the same time.",
            effect: "Too low makes clients wait; too high needs the right to as many open files."),
        Setting(
            "shutdown-seconds", .number(0...3600, unit: "seconds"), default: "30",
            summary: "How long running requests may go on when the server is stopped. Long polls answer at once.",
            effect:
                "Too low cuts downloads; too high delays a restart. Running jobs go on until then and are handed back."),
        Setting(
            "access-log", .flag, default: "true",
            summary: "Whether every request is written to standard error as a line of JSON.",
            effect: "false leaves errors and job events."),
    ]
}
