import Generations
import Testing

/// Goal: the listed words steer, the first of each kind counts, and nothing else has an effect.
@Suite("What a description can change")
struct PromptSteeringTests {
    @Test(
        "Feelings, liveliness and camera, alone and together",
        arguments: [
            ("A woman SMILES at the camera.", .happy, nil, nil), ("He is sad, then happy", .sad, nil, nil),
            ("calm and friendly; the camera pushes in", .happy, 0.4, .pushIn),
            ("an energetic speaker, pan to the left", nil, 1.7, .panLeft), ("static camera", nil, nil, .still),
            ("Zoom out slowly", nil, nil, .pullOut), ("It pans right", nil, nil, .panRight),
            ("a pan of fried eggs on the left", nil, nil, nil), ("", nil, nil, nil),
        ] as [(String, Emotion?, Double?, PromptSteering.Camera?)])
    func words(prompt: String, emotion: Emotion?, liveliness: Double?, camera: PromptSteering.Camera?) {
        let steering = PromptSteering(prompt)
        #expect((steering.emotion, steering.liveliness, steering.camera) == (emotion, liveliness, camera))
        // What is so anyway is no effect.
        let effects = [
            emotion != nil && emotion != .neutral, liveliness != nil, camera != nil && camera != .still,
        ]
        #expect(steering.words.count == effects.count { $0 })
    }

    @Test("Denied words do not count, and the next mention does")
    func denials() {
        #expect(PromptSteering("She is not happy, without smiling, and doesn't zoom in.").words.isEmpty)
        #expect(PromptSteering("not angry but surprised").emotion == .surprised)
        #expect(PromptSteering("never sad. Much later, a sad song").emotion == .sad)
    }

    @Test("No word stands in two places of the list")
    func unique() {
        let words =
            PromptSteering.emotions.flatMap(\.1) + PromptSteering.amounts.flatMap(\.1)
            + PromptSteering.cameras.flatMap(\.1)
        #expect(Set(words).count == words.count)
    }

    @Test("Every shape at every resolution has the named shorter side, even sides and the shape's proportions")
    func dimensions() throws {
        for ratio in PictureDimensions.aspectRatios {
            let sides = ratio.split(separator: ":").compactMap { Double($0) }
            for resolution in PictureDimensions.resolutions {
                let size = try #require(PictureDimensions.size(aspectRatio: ratio, resolution: resolution))
                #expect("\(min(size.width, size.height))p" == resolution)
                #expect(size.width % 2 == 0)
                #expect(size.height % 2 == 0)
                #expect(Double(size.width) * sides[1] == Double(size.height) * sides[0])
                #expect(PictureDimensions.nearestAspectRatio(width: size.width, height: size.height) == ratio)
            }
        }
        #expect(PictureDimensions.size(aspectRatio: "2:1", resolution: "540p") == nil)
        #expect(PictureDimensions.size(aspectRatio: "1:1", resolution: "4K") == nil)
        #expect(PictureDimensions.nearestAspectRatio(width: 5000, height: 10) == "21:9")
    }
}
