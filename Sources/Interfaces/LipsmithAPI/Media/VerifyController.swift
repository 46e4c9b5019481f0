import Generations
import HTTP
import Text
import WebInterface

/// Says where media come from.
struct VerifyController: Sendable {
    private let verifier: any MediaVerifier
    private let intake: GenerationIntake

    init?(_ services: InterfaceServices, _ media: LipsmithMedia) {
        guard let verifier = media.verifier else { return nil }
        self.verifier = verifier
        intake = services.intake
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/verify", id: "verifyMedia", tag: "Checks",
                summary: "Say where a medium comes from: its credentials, its watermark, and whether it was made here.",
                body: [.json(.object(Self.schemas))], answer: .json(.named("Verification")), handle: verify)
        ]
    }

    private static let kinds: [(name: String, kind: MediaKind, role: InputRole)] = [
        ("video", .video, .visual), ("image", .image, .visual), ("audio", .audio, .voice),
    ]
    private static let schemas = Dictionary(uniqueKeysWithValues: kinds.map { ($0.name, Schema.named("Medium")) })

    private func verify(_ call: Call) async throws -> HTTPResponse {
        var reader = try await call.fields(Self.schemas.keys)
        let given = Self.kinds.compactMap { name, kind, role in
            reader.medium(name).map { (name, MediaInput(kind: kind, role: role, source: $0)) }
        }
        if given.count != 1 { reader.report("video", "must be given, or image, or audio, and only one of them.") }
        try reader.check()
        let (name, input) = given[0]
        // An address's file lies here for as long as it is looked at.
        try await intake.checkStorage(call.organisation)
        return .json(try await verifier.verify(input, field: .named(name), organisation: call.organisation))
    }
}
