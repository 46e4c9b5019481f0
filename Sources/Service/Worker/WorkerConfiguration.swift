public import Generations
import Glibc
public import HTTP
public import LipSync

/// How a worker works.
public struct WorkerConfiguration: Sendable {
    /// The worker's name in leases; different for every process.
    public var name: String
    /// What it takes from the queues.
    public var roles = Set(WorkRole.allCases)
    /// The program's version, for those who look at the nodes.
    public var version = ""
    /// Whether other machines work on the same store.
    public var isOneOfMany = false
    /// How many renders run at once. A render keeps two cores busy; 0 renders nothing.
    public var renderSlots: Int
    /// How many short jobs run at once beside the renders; they may take the place of a render, too.
    public var shortSlots = 1
    /// How many webhooks are sent at once.
    public var deliverySlots = 8
    /// How many of them are sent to one host.
    public var deliverySlotsPerHost = 2
    /// The path of the `lipsmith` program, started as `lipsmith render` and `lipsmith probe`.
    public var executable: String
    /// The children's environment; nothing else of this process's reaches them, secrets least of all.
    public var childEnvironment: [String: String]
    /// A folder for unfinished work. Each process makes one of its own in it and removes those of dead processes.
    public var workingFolder: String
    /// Leases and attempts.
    public var jobs = JobPolicy()
    /// Tries of webhooks.
    public var deliveries = DeliveryPolicy()
    /// Which addresses inputs may be fetched from and webhooks be sent to.
    public var network = NetworkPolicy()
    /// What one job may use.
    public var limits = WorkerLimits()
    /// What the public model names stand for.
    public var models = ModelCatalog.standard
    /// How often the queues are looked at when nothing announces a change.
    public var pollInterval = Duration.seconds(1)
    /// How often progress is kept.
    public var progressInterval = Duration.seconds(1)
    /// How often it says that it works. Each time is a write, of which a server that stands alone makes few.
    public var noteInterval: Duration { isOneOfMany ? .seconds(5) : .seconds(20) }
    /// How long things are kept.
    public var retention = RetentionPolicy()
    /// How often things whose time is over are ended, and the files of deleted things removed.
    public var cleaningInterval = Duration.seconds(60)
    /// How long ago a file must have been stored, and given up, to be removed: the same content may have arrived for a
    /// request that refers to it when all of its files are there.
    public var discardAge = Duration.seconds(600)
    /// From how many bytes on the database's log is moved into its main file between the moments at which it is anyway.
    public var logByteLimit: Int64 = 16 << 20
    /// How often files that nobody refers to are looked for.
    public var sweepInterval = Duration.seconds(3600)
    /// How old such a file must be; longer than any upload or publishing takes.
    public var sweepAge = Duration.seconds(86_400)
    /// How long after the start all files are compared with their digests for the first time.
    public var scrubDelay = Duration.seconds(3600)
    /// How often they are.
    public var scrubInterval = Duration.seconds(86_400)
    /// How many bytes a second are read for that at most.
    public var scrubBytesPerSecond: Int64 = 32 << 20
    /// From how many seconds of output on a job is done in parts, where several renders may run at once; 0 for none.
    public var divisionSeconds = 120.0
    /// The shortest and the longest part, in seconds of output.
    public var partSeconds = 20.0...60.0
    /// The bytes of the files of a blob store elsewhere that are kept on this machine; 0 for a store that is here.
    public var cacheBytes: Int64 = 0
    /// What outputs say of themselves, by the number of their watermark, which is the beginning of the SHA-256 of the
    /// generation's id.
    public var marks: @Sendable (_ number: UInt32) -> OutputMarks = { _ in OutputMarks() }
    /// x264's constant rate factor of outputs, 0 … 51.
    public var constantRateFactor = 17
    /// x264's preset of outputs.
    public var preset = "veryfast"

    /// Makes a configuration of defaults.
    ///
    /// - Parameters:
    ///   - executable: The path of the `lipsmith` program.
    ///   - workingFolder: A folder that exists or whose parent exists, on the disk of the blob store if possible:
    ///     outputs are moved then, not copied.
    public init(executable: String, workingFolder: String) {
        self.executable = executable
        self.workingFolder = workingFolder
        name = "\(getpid())-\(RandomBytes.uuid().prefix(8))"
        renderSlots = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
        childEnvironment = Self.inherited
    }

    /// What programs call themselves whose parts of a job fit together.
    var build: String { "\(version) \(SplitTask.fileVersion)" }

    /// How a job is divided among a number of renders.
    func splitRule(workerCount: Int) -> SplitRule {
        SplitRule(
            workerCount: min(workerCount, Self.divisionLimit), leastSeconds: partSeconds.lowerBound,
            mostSeconds: partSeconds.upperBound)
    }

    /// More renders than this do not make a job quicker (docs/benchmarks.md).
    private static let divisionLimit = 64

    /// The variables of this process that children need: where libraries, models and temporary files are.
    public static let inheritedVariables = [
        "LIPSMITH_RUNTIME", "LIPSMITH_CACHE", "LIPSMITH_THREADS", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "LANG", "LC_ALL",
        "TZ",
    ]

    private static var inherited: [String: String] {
        // A confined process can start no program that would look at its remains.
        var kept = ["SWIFT_BACKTRACE": "enable=no"]
        for name in inheritedVariables {
            if let value = getenv(name) { kept[name] = String(cString: value) }
        }
        return kept
    }
}

/// What one job may use.
public struct WorkerLimits: Sendable {
    /// The largest input that is fetched, in bytes.
    public var fetchBytes: Int64 = 5 << 30
    /// How long fetching one input may take: the wait for its first byte, pauses and repetitions included.
    public var fetchTime = Duration.seconds(600)
    /// The pauses after which an address that fails for a moment is asked again.
    public var fetchPauses: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15)]
    /// The longest pause that an address may ask for by `Retry-After`.
    public var longestFetchPause = Duration.seconds(60)
    /// How many inputs of one job are fetched at once.
    public var simultaneousFetches = 4
    /// How many redirects are followed.
    public var redirects = 5
    /// The largest file of speaker boxes, in bytes.
    public var boxesBytes: Int64 = 64 << 20
    /// The longest video and the longest sound, in seconds.
    public var mediaSeconds = EngineLimits.mediaSeconds
    /// How much memory a child may write to, in bytes.
    public var childMemoryBytes: Int64 = 4 << 30
    /// The largest file that a child may write, in bytes.
    public var childFileBytes: Int64 = 32 << 30
    /// How long a render may take for each second of its media; beyond that it has hung.
    public var renderTimePerSecond = 10.0
    /// How long a render may take in addition.
    public var renderTimeBase = Duration.seconds(600)
    /// How long looking into one file may take while a client waits.
    public var probeTime = Duration.seconds(10)
    /// How long looking into one file may take in a job, where a busy machine must not end it.
    public var jobProbeTime = Duration.seconds(60)
    /// How long looking for faces in a file, or measuring a sound, may take while a client waits.
    public var checkTime = Duration.seconds(40)
    /// How long the check of an address may take while a client waits. One that is served but answers later is let
    /// through, for the job to wait for.
    public var accessTime = Duration.seconds(8)
    /// How long looking into an input may take while a client waits, fetching included.
    public var inspectionTime = Duration.seconds(25)
    /// The largest input that is fetched while a client waits, in bytes.
    public var inspectionBytes: Int64 = 256 << 20

    /// The defaults.
    public init() {}
}
