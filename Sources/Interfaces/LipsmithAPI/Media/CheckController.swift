import Generations
import HTTP
import Text
import WebInterface

/// Looks at media before anything is ordered.
struct CheckController: Sendable {
    /// What is known of pictures to which no video of this server tells otherwise, for estimates: pixels and pictures a second
    /// of a video that is made of a still picture.
    private static let stillOutput = (pixels: 1280 * 720, framesPerSecond: 25.0)

    private let checker: any MediaChecker
    private let review: MediaReview
    private let pace: RenderPace

    init(_ services: InterfaceServices, _ media: LipsmithMedia) {
        checker = media.checker
        review = MediaReview(limits: media.limits)
        pace = RenderPace(store: services.store)
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/checks", id: "checkMedia", tag: "Checks",
                summary: "Look for faces in samples of a clip or in a picture, and measure a sound.",
                body: [
                    .json(
                        .object([
                            "video": .named("Medium"), "image": .named("Medium"), "audio": .named("Medium"),
                            "text": .string(1...SpeakableText.mostCharacters),
                        ]))
                ], answer: .json(.named("Check")), handle: check)
        ]
    }

    /// What is to be looked at.
    private struct Order {
        var visual: (input: MediaInput, field: String)?
        var audio: MediaInput?
        var text: String?

        init(_ fields: FieldReader) throws(RequestError) {
            var reader = fields
            let video = reader.medium("video", as: .video)
            let image = reader.medium("image", as: .image)
            audio = reader.medium("audio", as: .audio)
            text = reader.text("text", most: SpeakableText.mostCharacters, least: 1)
            func has(_ name: String) -> Bool { fields.members[name].map { !$0.isNull } ?? false }
            if has("video"), has("image") { reader.report("image", "must not be given beside video.") }
            if has("audio"), has("text") { reader.report("text", "must not be given beside audio.") }
            if !has("video"), !has("image"), !has("audio") {
                reader.report("video", "must be given, or image, or audio.")
            }
            try reader.check()
            visual = video.map { ($0, "video") } ?? image.map { ($0, "image") }
        }
    }

    private func check(_ call: Call) async throws -> HTTPResponse {
        let order = try Order(try await call.mediaFields())
        async let pictureResult = picture(order, call)
        async let soundResult = sound(order, call)
        let (picture, sound) = (try await pictureResult, try await soundResult)
        let soundSeconds = sound?.durationSeconds ?? order.text.map(SpeakableText.seconds)
        let outcomes = outcomes(picture, soundSeconds: soundSeconds)
        let estimate = try await estimate(picture, soundSeconds: soundSeconds, organisation: call.organisation)
        return .json([
            "picture": picture?.json ?? .null, "sound": sound?.json ?? .null,
            "outcomes": .array(outcomes.map(\.json)), "estimateSeconds": .seconds(estimate),
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

    /// About how long a render of these takes, with the sync mode that is chosen unless another is.
    private func estimate(
        _ picture: CheckedPicture?, soundSeconds: Double?, organisation: OrganisationID
    ) async throws -> Double? {
        guard let picture, let soundSeconds else { return nil }
        guard let video = picture.durationSeconds, let rate = picture.frameRate else {
            return try await pace.estimateSeconds(
                seconds: soundSeconds, framesPerSecond: Self.stillOutput.framesPerSecond,
                pixels: Self.stillOutput.pixels, organisation: organisation)
        }
        let seconds = LipSyncOrder.defaultSyncMode.outputSeconds(
            video: video, voice: soundSeconds, framesPerSecond: rate)
        return try await pace.estimateSeconds(
            seconds: seconds, framesPerSecond: rate, pixels: picture.width * picture.height,
            organisation: organisation)
    }
}
