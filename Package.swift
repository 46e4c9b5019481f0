// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

/// Pixel and signal kernels live in these targets; a debug build must not run them a hundred times slower.
let kernels: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "lipsmith",
    products: [
        .library(name: "LipSync", targets: ["LipSync"]),
        .executable(name: "lipsmith", targets: ["lipsmith"]),
    ],
    targets: [
        .target(
            name: "CLibAV",
            linkerSettings: [
                .linkedLibrary("avformat"), .linkedLibrary("avcodec"), .linkedLibrary("avutil"),
                .linkedLibrary("swresample"), .linkedLibrary("dl"),
            ]),
        .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
        .target(name: "CMicrohttpd", linkerSettings: [.linkedLibrary("microhttpd")]),
        .target(name: "CEspeak", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "COpenVINO", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CSeccomp", linkerSettings: [.linkedLibrary("seccomp")]),

        .target(name: "Media", dependencies: ["CLibAV"], swiftSettings: kernels),
        .target(name: "Inference", dependencies: ["COpenVINO"], swiftSettings: kernels),
        .target(name: "Face", dependencies: ["CKernels", "Inference", "Media"], swiftSettings: kernels),
        .target(name: "Speech", dependencies: ["Inference", "Media"], swiftSettings: kernels),
        .target(name: "Rendering", dependencies: ["CKernels", "Face", "Media"], swiftSettings: kernels),
        .target(
            name: "LipSync", dependencies: ["Rendering", "Speech", "Face", "Inference", "Media"],
            swiftSettings: kernels),

        .target(name: "Generations", dependencies: ["CCrypto"], swiftSettings: strict),
        .target(name: "Persistence", dependencies: ["CSQLite", "Generations"], swiftSettings: strict),
        .target(name: "Blobs", dependencies: ["Generations", "Processes"], swiftSettings: strict),
        .target(name: "HTTP", dependencies: ["CCurl", "CMicrohttpd"], swiftSettings: strict),

        .target(name: "Gateway", dependencies: ["Generations", "HTTP"], swiftSettings: strict),
        .target(name: "SyncAPI", dependencies: ["Gateway", "Generations", "HTTP"], swiftSettings: strict),
        .target(name: "HedraAPI", dependencies: ["Gateway", "Generations", "HTTP"], swiftSettings: strict),
        .target(name: "Sandbox", dependencies: ["CSeccomp"], swiftSettings: strict),
        .target(name: "Processes", swiftSettings: strict),
        .target(name: "Synthesis", dependencies: ["CEspeak", "Speech"], swiftSettings: strict),
        .target(
            name: "Voices", dependencies: ["Generations", "HTTP", "LipSync", "Processes", "Speech", "Synthesis"],
            swiftSettings: strict),
        .target(
            name: "Worker", dependencies: ["Generations", "HTTP", "LipSync", "Processes"], swiftSettings: strict),
        .target(
            name: "Server",
            dependencies: [
                "Blobs", "Gateway", "Generations", "HTTP", "HedraAPI", "LipSync", "Persistence", "Sandbox", "SyncAPI",
                "Voices", "Worker",
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "lipsmith",
            dependencies: ["Generations", "LipSync", "Sandbox", "Server", "Synthesis", "Voices"],
            swiftSettings: strict),

        .executableTarget(
            name: "LipsBenchmark", dependencies: ["Face", "LipSync", "Media", "Rendering", "Speech"],
            path: "Benchmarks/Lips", swiftSettings: strict),
        .executableTarget(
            name: "TrackingBenchmark", dependencies: ["Face", "LipSync", "Media"], path: "Benchmarks/Tracking",
            swiftSettings: strict),
        .executableTarget(
            name: "ExtractMouthMotion", dependencies: ["Face", "LipSync", "Media", "Rendering", "Speech"],
            path: "Training/ExtractMouthMotion", swiftSettings: strict),
        .executableTarget(
            name: "FitFaceShape", dependencies: ["Face", "LipSync", "Media", "Rendering"],
            path: "Training/FitFaceShape", swiftSettings: strict),
        .executableTarget(
            name: "StoreBenchmark", dependencies: ["Generations", "Persistence"], path: "Benchmarks/Store",
            swiftSettings: strict),

        .target(
            name: "TestSupport", dependencies: ["Face", "Inference", "Media", "Speech"], path: "Tests/TestSupport",
            swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: strict),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: strict),
        .testTarget(name: "MediaTests", dependencies: ["Media"], swiftSettings: strict),
        .testTarget(name: "InferenceTests", dependencies: ["Inference", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "FaceTests", dependencies: ["Face", "Media", "TestSupport"], swiftSettings: strict),
        .target(
            name: "StoreConformance", dependencies: ["Generations"], path: "Tests/Support/StoreConformance",
            swiftSettings: strict),
        .executableTarget(
            name: "StoreCrashWriter", dependencies: ["Generations", "Persistence", "StoreConformance"],
            path: "Tests/Support/StoreCrashWriter", swiftSettings: strict),
        .testTarget(name: "BlobsTests", dependencies: ["Blobs"], swiftSettings: strict),
        .testTarget(
            name: "GenerationsTests", dependencies: ["Generations", "StoreConformance"], swiftSettings: strict),
        .testTarget(
            name: "PersistenceTests", dependencies: ["Persistence", "StoreConformance", "StoreCrashWriter"],
            swiftSettings: strict),
        .executableTarget(
            name: "StubChild", dependencies: ["LipSync", "Sandbox"], path: "Tests/Support/StubChild",
            swiftSettings: strict),
        .executableTarget(
            name: "WorkerNode", dependencies: ["Blobs", "Generations", "HTTP", "Persistence", "Worker"],
            path: "Tests/Support/WorkerNode", swiftSettings: strict),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "Blobs", "Generations", "HTTP", "LipSync", "Persistence", "Processes", "Sandbox",
                "StoreConformance", "StubChild", "TestSupport", "Worker", "WorkerNode", "lipsmith",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ServerTests",
            dependencies: ["Generations", "LipSync", "Persistence", "Server", "TestSupport", "Worker"],
            swiftSettings: strict),
        .testTarget(
            name: "SyncAPITests",
            dependencies: ["Blobs", "Gateway", "Generations", "HTTP", "Persistence", "StoreConformance", "SyncAPI"],
            swiftSettings: strict),
        .testTarget(
            name: "HedraAPITests",
            dependencies: ["Blobs", "Gateway", "Generations", "HTTP", "HedraAPI", "Persistence", "StoreConformance"],
            swiftSettings: strict),
        .testTarget(
            name: "SpeechTests", dependencies: ["Inference", "Media", "Speech", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "VoicesTests",
            dependencies: [
                "Generations", "HTTP", "LipSync", "Media", "Speech", "Synthesis", "TestSupport", "Voices", "lipsmith",
            ],
            swiftSettings: strict),
        .target(name: "CAllocationCount", path: "Tests/Support/CAllocationCount"),
        .testTarget(
            name: "RenderingTests",
            dependencies: ["CAllocationCount", "CKernels", "Face", "Media", "Rendering", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "LipSyncTests", dependencies: ["Face", "LipSync", "Media", "Speech", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEnd", dependencies: ["lipsmith", "Face", "Media", "Speech", "TestSupport"],
            swiftSettings: strict),
    ]
)
