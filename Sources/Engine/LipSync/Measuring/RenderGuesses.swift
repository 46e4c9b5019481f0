/// What a plan did not say and the engine assumed.
enum RenderGuesses {
    /// - Parameter faces: All that were found.
    static func of(
        _ plan: RenderPlan, _ clip: SourceClip, faces: [RenderReport.FoundFace], sounds: [PartSound]
    ) -> [RenderReport.Guess] {
        var guesses: [RenderReport.Guess] = []
        let count = Set(faces.map(\.identity)).count
        if plan.parts.contains(where: { $0.speaker == .mostPresent }), count > 1 {
            guesses.append(
                .init(
                    subject: "speaker",
                    sentence: "Of \(count) faces the largest, most present one of each shot speaks; none was chosen."))
        }
        if plan.parts.contains(where: { $0.speaker == .automatic }), count > 1 {
            guesses.append(
                .init(
                    subject: "speaker",
                    sentence: "Of \(count) faces the one whose mouth moves with the clip's own sound speaks."))
        }
        if clip.info.rotationDegrees != 0 {
            guesses.append(
                .init(
                    subject: "orientation",
                    sentence:
                        "The file says that its picture is turned by \(clip.info.rotationDegrees)°; it was turned upright."
                ))
        }
        if clip.info.isVariableFrameRate {
            let rate = clip.info.frameRate
            guesses.append(
                .init(
                    subject: "frameRate",
                    sentence:
                        "The clip's frame rate varies; its frames were laid out at \(rate.numerator)/\(rate.denominator) a second."
                ))
        }
        if let count = sounds.map(\.trackCount).max(), count > 1 {
            guesses.append(
                .init(
                    subject: "soundTrack",
                    sentence:
                        "The sound's file has \(count) sound tracks; its default one, or else the fullest, is used."))
        }
        return guesses
    }

    /// Likewise, of photos.
    static func of(_ plan: AnimationPlan, stills: [StillFace]) -> [RenderReport.Guess] {
        zip(plan.pictures, stills).compactMap { cue, still in
            guard cue.speaker == nil, !still.others.isEmpty else { return nil }
            return .init(
                subject: "speaker",
                sentence: "Of \(still.others.count + 1) faces in the picture the largest one speaks; none was chosen.")
        }
    }
}
