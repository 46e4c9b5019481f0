/// Something about media that makes a result worse, or an order be refused.
public struct MediaProblem: Hashable, Sendable {
    public enum Level: String, Hashable, Sendable, CaseIterable {
        /// A result is made, and is worse for it.
        case warning
        /// The order would be refused, or fail.
        case error
    }

    /// The stable name.
    public let code: String
    public let level: Level
    /// One sentence.
    public let message: String
    /// What helps, one sentence.
    public let suggestion: String

    init(_ level: Level, _ code: String, _ message: String, _ suggestion: String) {
        self.level = level
        self.code = code
        self.message = message
        self.suggestion = suggestion
    }
}

/// Finds problems in checked media.
public struct MediaReview: Sendable {
    /// The engine refuses narrower faces in pictures; nothing of a mouth is left in them.
    static let leastFacePixels = 40.0
    /// From here on a mouth has enough pixels to look real. Unmeasured.
    static let goodFacePixels = 80.0
    /// The engine refuses heads in pictures that are turned farther, in degrees.
    static let largestYawDegrees = 40.0
    /// A share of the clip, or of its samples, from which a fault is worth a sentence. Unmeasured.
    private static let leastShare = 0.05
    /// Clips and sounds longer than this take a long time to work on, in seconds.
    private static let longSeconds = 600.0
    /// Speech below this is quiet, in LUFS; broadcasts have -23.
    private static let quietLoudness = -40.0
    /// More clipped samples than this are heard. Unmeasured.
    private static let clippedShare = 0.0005

    private let limits: MediaLimits

    public init(limits: MediaLimits = MediaLimits()) { self.limits = limits }

    /// What is wrong with media, errors first.
    ///
    /// - Parameters:
    ///   - soundSeconds: The length of the sound, or about that of a text.
    public func problems(
        _ picture: CheckedPicture?, _ sound: CheckedSound?, soundSeconds: Double?
    ) -> [MediaProblem] {
        var problems: [MediaProblem] = []
        if let picture {
            problems += sizeProblems(picture)
            if !picture.samples.isEmpty { problems += faceProblems(picture) }
            problems += lengthProblems(picture.durationSeconds, of: "clip")
        }
        if let sound { problems += soundProblems(sound) }
        problems += lengthProblems(soundSeconds, of: "sound")
        if let video = picture?.durationSeconds, let soundSeconds, video > 0, soundSeconds > 2 * video {
            problems.append(
                MediaProblem(
                    .warning, "sound-longer-than-clip",
                    "The sound is \(Self.tenths(soundSeconds / video)) times as long as the clip, whose pictures are "
                        + "shown again and again.", "Use a longer clip, or shorten the sound."))
        }
        return problems.filter { $0.level == .error } + problems.filter { $0.level == .warning }
    }

    private func sizeProblems(_ picture: CheckedPicture) -> [MediaProblem] {
        guard picture.kind == .video, !limits.allows(width: picture.width, height: picture.height) else { return [] }
        return [
            MediaProblem(
                .error, FailureCode.pictureSizeUnsupported.rawValue,
                "The video has \(picture.width) × \(picture.height) pixels.",
                "Scale it to at least \(limits.minimumSides.longer) × \(limits.minimumSides.shorter) and at most "
                    + "\(limits.maximumSides.longer) × \(limits.maximumSides.shorter).")
        ]
    }

    // MARK: Faces

    private func faceProblems(_ picture: CheckedPicture) -> [MediaProblem] {
        let largest = picture.samples.compactMap(\.faces.first)
        guard !largest.isEmpty else {
            return [
                MediaProblem(
                    .error, "no-face", "No face was found.", "Use a picture in which a face looks towards the camera.")
            ]
        }
        var problems = widthProblems(largest) + yawProblems(picture, largest)
        let faceless = share(of: picture) { $0.faces.isEmpty }
        if faceless >= Self.leastShare {
            problems.append(
                MediaProblem(
                    .warning, "face-missing", "No face is seen in \(Self.percent(faceless)) of the clip.",
                    "Those parts stay as they are; cut them out, or use another clip."))
        }
        let several = share(of: picture) { $0.faces.count > 1 }
        if several >= Self.leastShare {
            problems.append(
                MediaProblem(
                    .warning, "several-people",
                    picture.kind == .image
                        ? "The picture shows \(picture.samples[0].faces.count) faces."
                        : "Several faces are seen in \(Self.percent(several)) of the clip.", "Choose who speaks."))
        }
        return problems
    }

    private func share(of picture: CheckedPicture, _ isMeant: (CheckedPicture.Sample) -> Bool) -> Double {
        Double(picture.samples.count(where: isMeant)) / Double(picture.samples.count)
    }

    private func widthProblems(_ largest: [CheckedPicture.Face]) -> [MediaProblem] {
        let widths = largest.map(\.widthPixels).sorted()
        let width = widths[widths.count / 2]
        guard width < Self.goodFacePixels else { return [] }
        let isTooSmall = width < Self.leastFacePixels
        return [
            MediaProblem(
                isTooSmall ? .error : .warning, isTooSmall ? "face-too-small" : "face-small",
                "The face is only \(Int(width)) pixels wide.",
                "Use a picture in which it is at least \(Int(isTooSmall ? Self.leastFacePixels : Self.goodFacePixels)) "
                    + "pixels wide.")
        ]
    }

    private func yawProblems(_ picture: CheckedPicture, _ largest: [CheckedPicture.Face]) -> [MediaProblem] {
        if picture.kind == .image {
            let yaw = abs(largest[0].yawDegrees)
            guard yaw > Self.largestYawDegrees else { return [] }
            return [
                MediaProblem(
                    .error, "face-turned-away", "The head is turned away by \(Int(yaw))°.",
                    "Use a picture in which the face looks towards the camera, at most "
                        + "\(Int(Self.largestYawDegrees))° to the side.")
            ]
        }
        let seconds = picture.gaps.filter { $0.reason == .turnedAway }.reduce(0) {
            $0 + $1.endSeconds - $1.startSeconds
        }
        let share = seconds / max(picture.durationSeconds ?? 0, 0.001)
        guard share >= Self.leastShare else { return [] }
        return [
            MediaProblem(
                .warning, "face-turned-away", "The head is turned away in \(Self.percent(share)) of the clip.",
                "Those parts stay as they are; use a clip in which the face looks towards the camera.")
        ]
    }

    // MARK: Sounds and lengths

    private func soundProblems(_ sound: CheckedSound) -> [MediaProblem] {
        var problems: [MediaProblem] = []
        guard let loudness = sound.loudness else {
            return [
                MediaProblem(
                    .warning, "sound-silent", "There is nothing to hear in the sound, so the mouth stays shut.",
                    "Check the recording.")
            ]
        }
        if loudness < Self.quietLoudness {
            problems.append(
                MediaProblem(
                    .warning, "sound-quiet", "The sound is very quiet, \(Self.tenths(loudness)) LUFS.",
                    "Make it louder; speech has about -20 LUFS."))
        }
        if sound.clippedShare > Self.clippedShare {
            problems.append(
                MediaProblem(
                    .warning, "sound-clipped",
                    "\(Self.percent(sound.clippedShare)) of the sound's samples are cut off at full scale.",
                    "Record it again at a lower level."))
        }
        if sound.silentShare > 0.5 {
            problems.append(
                MediaProblem(
                    .warning, "sound-mostly-silent", "\(Self.percent(sound.silentShare)) of the sound are silent.",
                    "Cut the pauses, unless they are meant."))
        }
        return problems
    }

    private func lengthProblems(_ seconds: Double?, of noun: String) -> [MediaProblem] {
        guard let seconds, seconds > Self.longSeconds else { return [] }
        if seconds > limits.maximumSeconds {
            return [
                MediaProblem(
                    .error, FailureCode.inputTooLong.rawValue,
                    "The \(noun) is longer than \(Int(limits.maximumSeconds / 60)) minutes.",
                    "Cut it and send the parts one by one.")
            ]
        }
        return [
            MediaProblem(
                .warning, "\(noun)-long",
                "The \(noun) is \(Int(seconds / 60)) minutes long, and takes long to work on.",
                "Try a short part of it first.")
        ]
    }

    private static func percent(_ share: Double) -> String {
        let percent = share * 100
        return percent < 1 ? "\(max(0.1, tenths(percent))) %" : "\(Int(percent.rounded())) %"
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
