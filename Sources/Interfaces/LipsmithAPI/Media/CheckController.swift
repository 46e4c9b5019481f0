import Generations
import HTTP
import Text
import WebInterface

/// Looks at media before anything is ordered.
struct CheckController: Sendable {
    private let checker: any MediaChecker
    private let review: MediaReview
    private let intake: GenerationIntake
    private let pace: RenderPace

    init(_ services: InterfaceServices, _ media: LipsmithMedia, pace: RenderPace) {
        checker = media.checker
        review = MediaReview(limits: media.limits)
        intake = services.intake
        self.pace = pace
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/checks", id: "checkMedia", tag: "Checks",
                summary: "Look for faces in samples of a clip or in a picture, and measure a sound.",
                body: [.json(.object(Self.schemas))], answer: .json(.named("Check")), handle: check)
        ]
    }

    private static let schemas: [String: Schema] = [
        "video": .named("Medium"), "image": .named("Medium"), "audio": .named("Medium"),
        "text": .string(1...SpeakableText.mostCharacters),
    ]

    /// What is to be looked at.
    private struct Order {
        var visual: (input: MediaInput, field: String)?
        var audio: MediaInput?
        var text: String?

        init(_ fields: FieldReader) throws(RequestError) {
            var reader = fields
            let (video, image) = (reader.medium("video"), reader.medium("image"))
            audio = reader.medium("audio").map { MediaInput(kind: .audio, role: .voice, source: $0) }
            text = reader.text("text", most: SpeakableText.mostCharacters, least: 1)
            func has(_ name: String) -> Bool { fields.members[name].map { !$0.isNull } ?? false }
            if has("video"), has("image") { reader.report("image", "must not be given beside video.") }
            if has("audio"), has("text") { reader.report("text", "must not be given beside audio.") }
            if !has("video"), !has("image"), !has("audio") {
                reader.report("video", "must be given, or image, or audio.")
            }
            try reader.check()
            visual =
                video.map { (MediaInput(kind: .video, role: .visual, source: $0), "video") }
                ?? image.map { (MediaInput(kind: .image, role: .visual, source: $0), "image") }
        }
    }

    private func check(_ call: Call) async throws -> HTTPResponse {
        let order = try Order(try await call.fields(Self.schemas.keys))
        // An address's file lies here for as long as it is looked at.
        try await intake.checkStorage(call.organisation)
        async let pictureResult = picture(order, call)
        async let soundResult = sound(order, call)
        let (picture, sound) = (try await pictureResult, try await soundResult)
        let soundSeconds = sound?.durationSeconds ?? order.text.map(SpeakableText.seconds)
        let outcomes = outcomes(picture, soundSeconds: soundSeconds)
        let estimate = try await estimate(picture, soundSeconds: soundSeconds, organisation: call.organisation)
        return .json([
            "picture": picture?.json ?? .null, "sound": sound?.json ?? .null,
            "outcomes": .array(outcomes.map(\.json)), "estimateSeconds": .seconds(estimate?.renderSeconds),
            "queueSeconds": .seconds(estimate?.queueSeconds),
            "problems": .array(review.problems(picture, sound, soundSeconds: soundSeconds).map(\.json)),
        ])
    }

    private func picture(_ order: Order, _ call: Call) async throws -> CheckedPicture? {
        guard let (input, field) = order.visual else { return nil }
        return try await checker.picture(of: input, field: .named(field), organisation: call.organisation)
    }

    private func sound(_ order: Order, _ call: Call) async throws -> CheckedSound? {
        guard let input = order.audio else { return nil }
        return try await checker.sound(of: input, field: .named("audio"), organisation: call.organisation)
    }

    private func outcomes(_ picture: CheckedPicture?, soundSeconds: Double?) -> [SyncOutcome] {
        guard let video = picture?.durationSeconds, let rate = picture?.frameRate, let soundSeconds else { return [] }
        return SyncOutcome.all(videoSeconds: video, soundSeconds: soundSeconds, framesPerSecond: rate)
    }

    /// About how long an order of these takes, with the sync mode that is chosen unless another is.
    private func estimate(
        _ picture: CheckedPicture?, soundSeconds: Double?, organisation: OrganisationID
    ) async throws -> RenderEstimate? {
        guard let picture, let soundSeconds else { return nil }
        guard let video = picture.durationSeconds, let rate = picture.frameRate else {
            return try await pace.estimate(seconds: soundSeconds, frames: .ofStill, organisation: organisation)
        }
        let seconds = LipSyncOrder.defaultSyncMode.outputSeconds(
            video: video, voice: soundSeconds, framesPerSecond: rate)
        return try await pace.estimate(
            seconds: seconds,
            frames: RenderedFrames(framesPerSecond: rate, width: picture.width, height: picture.height),
            organisation: organisation)
    }
}
