import Face
import Foundation
import Media
import Rendering
import Speech

/// What a figure does in every frame: speech, life and feeling put together.
struct PoseTrack: Sendable {
    let track: MouthTrack
    let life: IdleMotion
    private let emotion: EmotionShape
    private let browShare: Float
    private let strength: Float
    private let region: ExpressionRegion
    private let framesPerSecond: Double
    private let drive: DrivingPerformance?
    /// Whether a voice moves the lips; otherwise the driving video does.
    private let hasVoice: Bool
    private let turnLimits: TurnLimits?
    private let motion: Float

    /// A feeling comes up over this time, so that the video begins with the picture.
    private static let emotionSeconds = 0.6
    /// A still whose points move as a driver's looks less moved: its other side never comes into view, and its brows are
    /// held by the skin around them. Read off the results again, heads turned and nodded by 0.7 of their drivers' turns
    /// and brows rose by 0.65.
    private static let headGain: Float = 1.3
    private static let browGain: Float = 1.4
    /// A driven head keeps this much of its own life, so that two takes differ.
    private static let ownShare: Float = 0.2
    /// Lips that have no driver any more come to rest within this time.
    private static let closingSeconds = 0.3

    /// - Parameter portraits: Of the pictures with a face; the first one's life is that of all.
    init(_ plan: AnimationPlan, track: MouthTrack, portraits: [Portrait], drive: DrivingPerformance?) {
        let face = portraits[0]
        self.track = track
        self.drive = drive
        hasVoice = plan.audioPath != nil
        // A driver's motion is shown as far as all pictures bear it.
        turnLimits =
            drive == nil
            ? nil
            : portraits.dropFirst().reduce(TurnLimits(face)) { $0.narrowed(to: TurnLimits($1)) }
        motion = Float(plan.motion)
        region = plan.region
        let shape = EmotionShape(plan.emotion)
        emotion = face.wearsGlasses ? shape.behindGlasses() : shape
        browShare = face.wearsGlasses ? BrowLift.glassesShare : 1
        strength = EmotionShape.strength(temperature: plan.temperature)
        framesPerSecond = plan.frameRate.value
        let drops = track.jaw.map { MouthRange.median.curves(opening: 0, width: 0, jaw: $0).jaw * face.mouthWidthUnits }
        life = IdleMotion(
            track: track, jawDrops: drops, seed: plan.seed, motion: plan.region == .head ? plan.motion : 0,
            limits: IdleMotion.Limits(yawRadians: face.yawRadians))
    }

    /// The pose of a frame.
    ///
    /// - Parameter mouthWidth: Of the still that is drawn, in face units.
    func pose(at index: Int, mouthWidth: Float) -> PortraitPose {
        drive.map { driven(at: index, $0, mouthWidth: mouthWidth) } ?? living(at: index)
    }

    /// A driving video moves head, face and lids, and the lips where no voice does.
    private func driven(at index: Int, _ drive: DrivingPerformance, mouthWidth: Float) -> PortraitPose {
        var pose = living(at: index)
        let seconds = Double(index) / framesPerSecond
        let moment = drive.moment(atSeconds: seconds)
        // The driver's sound does not go on behind its end, so that nobody may be seen to speak there.
        let isSpoken = 1 - smoothStep(0, 1, Float((seconds - drive.durationSeconds) / Self.closingSeconds))
        let ratio = mouthWidth / max(drive.mouthWidth, 0.05)
        if region == .head, let turnLimits {
            pose.turn = turnLimits.apply(own(index, moment.turn.scaled(by: motion)))
        }
        if region != .lips { pose.blink = moment.lids }
        for point in moment.displacements.indices where !DrivenPoints.lids.contains(point) {
            if DrivenPoints.mouth.contains(point) {
                if !hasVoice { pose.offsets[point] += moment.displacements[point] * ratio * isSpoken }
            } else if region != .lips {
                let gain = DrivenPoints.brows.contains(point) ? Self.browGain * browShare : 1
                pose.offsets[point] += moment.displacements[point] * gain
            }
        }
        if !hasVoice {
            pose.mouth = MouthCurves()
            pose.speaking = 1
        }
        return pose
    }

    private func own(_ index: Int, _ turn: HeadTurn) -> HeadTurn {
        let life = life.turns[index]
        return HeadTurn(
            yawRadians: turn.yawRadians * Self.headGain + life.yawRadians * Self.ownShare,
            pitchRadians: turn.pitchRadians * Self.headGain + life.pitchRadians * Self.ownShare,
            rollRadians: turn.rollRadians + life.rollRadians * Self.ownShare, drop: turn.drop)
    }

    private func living(at index: Int) -> PortraitPose {
        let speaking = life.speaking[index]
        let mouth = MouthRange.median.curves(
            opening: track.opening[index], width: track.width[index], jaw: track.jaw[index])
        let isFaceMoving = region != .lips
        let ramp = Float(min(Double(index) / framesPerSecond / Self.emotionSeconds, 1))
        let felt = strength * smoothStep(0, 1, ramp)
        let mouthShare = felt * emotion.mouthShare(speaking: speaking, opening: mouth.opening)
        let brows = isFaceMoving ? life.browLift[index] * browShare : 0
        let offsets = (0..<emotion.mouth.count).map { point in
            emotion.mouth[point] * mouthShare
                + (isFaceMoving ? emotion.upperFace[point] * felt + BrowLift.offsets[point] * brows : .zero)
        }
        let lids = isFaceMoving ? max(life.blinks[index], emotion.lid * felt) : 0
        return PortraitPose(
            mouth: mouth, speaking: speaking, turn: life.turns[index], blink: SIMD2(lids, lids), offsets: offsets)
    }
}

/// Which points take over what from a driving video.
private enum DrivenPoints {
    static let mouth = Set(Landmarks.lips + Landmarks.jaw)
    static let brows = Set(FacialFeatures.browPoints)
    /// Lids are painted, not pulled.
    static let lids = Set(FacialFeatures.lidPoints)
}
