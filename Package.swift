// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Pixel and signal kernels live in these targets; a debug build must not run them a hundred times slower.
let kernels: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

// Folder = target: Sources/<Floor>/<Target>, tests in Tests/<Floor>/<Target>Tests. A floor imports itself and those
// that stand before it in the list at the end. docs/architecture.md is drawn from this file.

/// What everybody needs and nobody owns.
let foundations: [Target] = [
    .swift("Time", in: "Foundations"),
    .swift("Text", in: "Foundations"),
    .swift("Queues", in: "Foundations"),
    .swift("Wave", in: "Foundations", kernels),
    .swift("Records", in: "Foundations", kernels),
    .swift("HTTP", in: "Foundations", uses: ["CCurl", "CMicrohttpd", "Queues", "Text", "Time"]),
]

/// Plan in, video out: no network, no database, no API names.
let engine: [Target] = [
    .swift("Media", in: "Engine", uses: ["CLibAV", "Wave"], kernels),
    .swift("Inference", in: "Engine", uses: ["COpenVINO"], kernels),
    .swift("Face", in: "Engine", uses: ["CKernels", "Inference", "Media", "Records"], kernels),
    .swift("Speech", in: "Engine", uses: ["Inference", "Media", "Wave"], kernels),
    .swift("Watermark", in: "Engine", uses: ["CCrypto", "CKernels", "Face", "Media"], kernels),
    .swift("Rendering", in: "Engine", uses: ["CKernels", "Face", "Media", "Records"], kernels),
    .swift(
        "LipSync", in: "Engine",
        uses: ["Face", "Inference", "Media", "Records", "Rendering", "Speech", "Time", "Watermark", "Wave"], kernels),
]

/// The domain, and what keeps, runs and speaks it.
let service: [Target] = [
    .swift("Generations", in: "Service", uses: ["CCrypto", "Queues", "Text", "Time"]),
    .swift("Processes", in: "Service", uses: ["Time"]),
    .swift("Sandbox", in: "Service", uses: ["CSeccomp"]),
    .swift("EngineProfiles", in: "Service", uses: ["Generations", "LipSync"]),
    .swift("ChildProtocol", in: "Service", uses: ["LipSync", "Processes", "Watermark"]),
    .swift("Reports", in: "Service", uses: ["Generations", "Text"], embeds: ["Files"]),
    .swift("Persistence", in: "Service", uses: ["CPostgres", "CSQLite", "Generations", "Queues", "Text", "Time"]),
    .swift("Blobs", in: "Service", uses: ["Generations", "HTTP", "Processes", "Queues", "Text", "Time"]),
    .swift(
        "Provenance", in: "Service",
        uses: [
            "CC2PA", "CCrypto", "ChildProtocol", "Generations", "HTTP", "LipSync", "Processes", "Queues", "Text",
            "Time",
            "Watermark",
        ]),
    .swift("Synthesis", in: "Service", uses: ["CEspeak", "Inference", "Speech", "Wave"]),
    .swift(
        "Voices", in: "Service",
        uses: [
            "ChildProtocol", "EngineProfiles", "Generations", "HTTP", "LipSync", "Media", "Processes", "Queues",
            "Speech",
            "Synthesis", "Text", "Wave",
        ]),
    .swift(
        "Worker", in: "Service",
        uses: [
            "ChildProtocol", "EngineProfiles", "Generations", "HTTP", "LipSync", "Processes", "Provenance", "Queues",
            "Text", "Time",
        ]),
]

/// The public APIs: wire types and routes.
let interfaces: [Target] = [
    .swift("Access", in: "Interfaces", uses: ["Generations", "HTTP", "Text", "Time"]),
    .swift("WebInterface", in: "Interfaces", uses: ["Access", "Generations", "HTTP", "Queues", "Text", "Time"]),
    .swift("SyncAPI", in: "Interfaces", uses: ["Access", "Generations", "HTTP", "Text", "Time", "WebInterface"]),
    .swift("HedraAPI", in: "Interfaces", uses: ["Access", "Generations", "HTTP", "Text", "Time", "WebInterface"]),
    .swift("HedraV3API", in: "Interfaces", uses: ["Access", "Generations", "HTTP", "Text", "Time", "WebInterface"]),
    .swift("OpenAIAPI", in: "Interfaces", uses: ["Access", "Generations", "HTTP", "Text", "WebInterface"]),
    .swift(
        "LipsmithAPI", in: "Interfaces",
        uses: ["Access", "Generations", "HTTP", "Queues", "Reports", "Text", "Time", "WebInterface"]),
    .swift("Studio", in: "Interfaces", uses: ["Generations", "HTTP", "Reports", "Text"], embeds: ["Files"]),
]

/// What is started: the wired server and the command line.
let program: [Target] = [
    .swift(
        "Server", in: "Program",
        uses: [
            "Access", "Blobs", "Generations", "HTTP", "HedraAPI", "HedraV3API", "LipSync", "LipsmithAPI", "OpenAIAPI",
            "Persistence", "Processes", "Provenance", "Queues", "Reports", "Sandbox", "Studio", "SyncAPI", "Text",
            "Time", "Voices",
            "WebInterface", "Worker",
        ]),
    .program(
        "lipsmith", at: "Sources/Program/lipsmith",
        uses: [
            "ChildProtocol", "EngineProfiles", "Generations", "HTTP", "LipSync", "Provenance", "Reports", "Sandbox",
            "Server", "SyncAPI", "Synthesis", "Text", "Time", "Voices", "Watermark",
        ]),
]

/// One C library each; a shim's header says why each of its functions exists.
let shims: [Target] = [
    .shim("CLibAV", links: ["avformat", "avcodec", "avutil", "swresample", "dl"]),
    .shim("COpenVINO", links: ["dl"]),
    .shim("CKernels", links: [], [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .shim("CMicrohttpd", links: ["microhttpd"]),
    .shim("CCurl", links: ["curl"]),
    .shim("CCrypto", links: ["crypto"]),
    .shim("CC2PA", links: ["dl"]),
    .shim("CSQLite", links: ["sqlite3"]),
    .shim("CPostgres", links: ["pq"]),
    .shim("CEspeak", links: ["dl"]),
    .shim("CSeccomp", links: ["seccomp"]),
]

/// Programs that measure, and those that made the models.
let tools: [Target] = [
    .program("LipsBenchmark", at: "Benchmarks/Lips", uses: ["Face", "LipSync", "Media", "Rendering", "Speech"]),
    .program("TrackingBenchmark", at: "Benchmarks/Tracking", uses: ["Face", "LipSync", "Media"]),
    .program(
        "WatermarkBenchmark", at: "Benchmarks/Watermark",
        uses: ["Face", "LipSync", "Media", "Rendering", "Subprocess", "Watermark"]),
    .program(
        "StoreBenchmark", at: "Benchmarks/Store",
        uses: ["Generations", "Persistence", "TemporaryPostgres", "Text", "Time"]),
    .program(
        "ExtractMouthMotion", at: "Training/ExtractMouthMotion",
        uses: ["Face", "LipSync", "Media", "Rendering", "Speech"]),
    .program("FitFaceShape", at: "Training/FitFaceShape", uses: ["Face", "LipSync", "Media", "Rendering"]),
]

/// What several suites use, and programs that tests start.
let testSupport: [Target] = [
    .support("TestTools", uses: []),
    .support("Subprocess", uses: []),
    .support("TestSupport", uses: ["Face", "Inference", "Media", "Speech", "Subprocess"]),
    .support("StoreConformance", uses: ["Generations", "Text", "Time"]),
    .support("S3Harness", uses: ["Blobs", "Generations", "HTTP", "StoreConformance", "Subprocess", "Text"]),
    .support(
        "InterfaceHarness",
        uses: [
            "Access", "Blobs", "Generations", "HTTP", "Persistence", "StoreConformance", "Text", "Time", "WebInterface",
        ]),
    .support("TemporaryPostgres", uses: ["Subprocess"]),
    .target(name: "CAllocationCount", path: "Tests/Support/CAllocationCount"),
    .program(
        "StoreCrashWriter", at: "Tests/Support/StoreCrashWriter",
        uses: ["Generations", "Persistence", "StoreConformance"]),
    .program("BlobMover", at: "Tests/Support/BlobMover", uses: ["Blobs", "Generations"]),
    .program("StubChild", at: "Tests/Support/StubChild", uses: ["LipSync", "Sandbox"]),
    .program(
        "WorkerNode", at: "Tests/Support/WorkerNode",
        uses: ["Blobs", "Generations", "HTTP", "Persistence", "Text", "Worker"]),
]

let tests: [Target] = [
    .tests("ArchitectureTests", in: "", uses: ["Subprocess", "TestSupport"]),

    .tests("TimeTests", in: "Foundations", uses: ["Time"]),
    .tests("TextTests", in: "Foundations", uses: ["TestTools", "Text"]),
    .tests("QueuesTests", in: "Foundations", uses: ["Queues", "TestTools"]),
    .tests("WaveTests", in: "Foundations", uses: ["Wave"]),
    .tests("RecordsTests", in: "Foundations", uses: ["Records"]),
    .tests("HTTPTests", in: "Foundations", uses: ["HTTP", "TestTools", "Text"]),

    .tests("MediaTests", in: "Engine", uses: ["Media", "Subprocess"]),
    .tests("InferenceTests", in: "Engine", uses: ["Inference", "TestSupport"]),
    .tests("FaceTests", in: "Engine", uses: ["Face", "Media", "TestSupport"]),
    .tests("SpeechTests", in: "Engine", uses: ["Inference", "Media", "Speech", "TestSupport"]),
    .tests(
        "RenderingTests", in: "Engine",
        uses: ["CAllocationCount", "CKernels", "Face", "Media", "Rendering", "TestSupport"]),
    .tests("WatermarkTests", in: "Engine", uses: ["CAllocationCount", "Face", "Media", "TestSupport", "Watermark"]),
    .tests("LipSyncTests", in: "Engine", uses: ["Face", "LipSync", "Media", "Rendering", "Speech", "TestSupport"]),

    .tests(
        "GenerationsTests", in: "Service", uses: ["Generations", "StoreConformance", "TestTools", "Text", "Time"]),
    .tests(
        "PersistenceTests", in: "Service",
        uses: [
            "Generations", "Persistence", "StoreConformance", "StoreCrashWriter", "Subprocess", "TemporaryPostgres",
            "TestTools", "Text", "Time",
        ]),
    .tests(
        "BlobsTests", in: "Service",
        uses: [
            "BlobMover", "Blobs", "Generations", "HTTP", "Queues", "S3Harness", "StoreConformance", "Subprocess",
            "TestTools", "Text", "Time",
        ]),
    .tests(
        "ProvenanceTests", in: "Service",
        uses: [
            "ChildProtocol", "Generations", "LipSync", "Provenance", "TestSupport", "TestTools", "Text", "Time",
        ]),
    .tests("ReportsTests", in: "Service", uses: ["Generations", "Reports", "Text"]),
    .tests(
        "VoicesTests", in: "Service",
        uses: [
            "Generations", "HTTP", "LipSync", "Media", "Speech", "Synthesis", "TestSupport", "Text", "Voices",
            "lipsmith",
        ]),
    .tests(
        "WorkerTests", in: "Service",
        uses: [
            "Blobs", "ChildProtocol", "Generations", "HTTP", "LipSync", "Media", "Persistence", "Processes",
            "Rendering", "S3Harness", "Sandbox", "StoreConformance", "StubChild", "Subprocess", "TemporaryPostgres",
            "TestSupport", "TestTools", "Text", "Time", "Worker", "WorkerNode", "lipsmith",
        ]),

    .tests(
        "AccessTests", in: "Interfaces", uses: ["Access", "Generations", "HTTP", "InterfaceHarness", "Text", "Time"]),
    .tests(
        "WebInterfaceTests", in: "Interfaces",
        uses: ["Access", "Blobs", "Generations", "HTTP", "InterfaceHarness", "Text", "WebInterface"]),
    .tests(
        "SyncAPITests", in: "Interfaces",
        uses: [
            "Access", "Blobs", "Generations", "HTTP", "InterfaceHarness", "Persistence", "StoreConformance", "SyncAPI",
            "Text",
            "Time", "WebInterface",
        ]),
    .tests(
        "HedraAPITests", in: "Interfaces",
        uses: [
            "Blobs", "Generations", "HTTP", "HedraAPI", "InterfaceHarness", "Persistence", "StoreConformance", "Text",
            "Time",
        ]),
    .tests(
        "HedraV3APITests", in: "Interfaces",
        uses: [
            "Generations", "HTTP", "HedraV3API", "InterfaceHarness", "Persistence", "StoreConformance", "Text", "Time",
            "WebInterface",
        ]),
    .tests(
        "LipsmithAPITests", in: "Interfaces",
        uses: [
            "Access", "Blobs", "Generations", "HTTP", "InterfaceHarness", "LipsmithAPI", "Persistence",
            "StoreConformance", "Text", "Time", "WebInterface",
        ]),
    .tests("StudioTests", in: "Interfaces", uses: ["HTTP", "Studio", "TestSupport"]),

    .tests(
        "ServerTests", in: "Program",
        uses: [
            "Blobs", "Generations", "LipSync", "Persistence", "Server", "StoreConformance", "TemporaryPostgres",
            "TestSupport", "Time", "Worker",
        ]),
    .tests(
        "EndToEnd", in: "",
        uses: ["Face", "HTTP", "Media", "Speech", "Subprocess", "TestSupport", "Text", "lipsmith"]),
]

let package = Package(
    name: "lipsmith",
    products: [
        .library(name: "LipSync", targets: ["LipSync"]),
        .executable(name: "lipsmith", targets: ["lipsmith"]),
    ],
    targets: shims + foundations + engine + service + interfaces + program + tools + testSupport + tests
)

extension Target {
    /// - Parameter embeds: Folders whose files become part of the program.
    static func swift(
        _ name: String, in floor: String, uses: [Dependency] = [], _ settings: [SwiftSetting] = strict,
        embeds: [String] = []
    ) -> Target {
        .target(
            name: name, dependencies: uses, path: "Sources/\(floor)/\(name)",
            resources: embeds.map { .embedInCode($0) }, swiftSettings: settings)
    }

    static func shim(_ name: String, links: [String], _ settings: [CSetting] = []) -> Target {
        .target(
            name: name, path: "Sources/Shims/\(name)", cSettings: settings,
            linkerSettings: links.map { .linkedLibrary($0) })
    }

    static func program(_ name: String, at path: String, uses: [Dependency]) -> Target {
        .executableTarget(name: name, dependencies: uses, path: path, swiftSettings: strict)
    }

    static func support(_ name: String, uses: [Dependency]) -> Target {
        .target(name: name, dependencies: uses, path: "Tests/Support/\(name)", swiftSettings: strict)
    }

    static func tests(_ name: String, in floor: String, uses: [Dependency]) -> Target {
        .testTarget(
            name: name, dependencies: uses, path: floor.isEmpty ? "Tests/\(name)" : "Tests/\(floor)/\(name)",
            swiftSettings: strict)
    }
}
