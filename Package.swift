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
                .linkedLibrary("avformat"), .linkedLibrary("avcodec"), .linkedLibrary("avfilter"),
                .linkedLibrary("avutil"), .linkedLibrary("swscale"), .linkedLibrary("swresample"),
            ]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
        .target(name: "CMicrohttpd", linkerSettings: [.linkedLibrary("microhttpd")]),
        .target(name: "COpenVINO", linkerSettings: [.linkedLibrary("dl")]),
        .target(
            name: "CPocketSphinx",
            // Debian's pocketsphinx.h includes its neighbours without their folder.
            cSettings: [.unsafeFlags(["-I/usr/include/pocketsphinx"])],
            linkerSettings: [.linkedLibrary("pocketsphinx"), .linkedLibrary("sphinxbase")]),

        .target(name: "Media", dependencies: ["CLibAV"], swiftSettings: kernels),
        .target(name: "Inference", dependencies: ["COpenVINO"], swiftSettings: kernels),
        .target(name: "Face", dependencies: ["Inference", "Media"], swiftSettings: kernels),
        .target(name: "Speech", dependencies: ["CPocketSphinx", "Media"], swiftSettings: kernels),
        .target(name: "Rendering", dependencies: ["CKernels", "Face", "Media"], swiftSettings: kernels),
        .target(
            name: "LipSync", dependencies: ["Rendering", "Speech", "Face", "Inference", "Media"],
            swiftSettings: kernels),
        .target(name: "HTTP", dependencies: ["CCurl", "CMicrohttpd"], swiftSettings: strict),
        .executableTarget(name: "lipsmith", dependencies: ["LipSync"], swiftSettings: strict),

        .executableTarget(
            name: "LipsBenchmark", dependencies: ["Face", "LipSync", "Media", "Rendering", "Speech"],
            path: "Benchmarks/Lips", swiftSettings: strict),
        .executableTarget(
            name: "FitFaceShape", dependencies: ["Face", "LipSync", "Media", "Rendering"],
            path: "Training/FitFaceShape", swiftSettings: strict),

        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: strict),
        .testTarget(name: "MediaTests", dependencies: ["Media"], swiftSettings: strict),
        .testTarget(name: "SpeechTests", dependencies: ["Speech"], swiftSettings: strict),
    ]
)
