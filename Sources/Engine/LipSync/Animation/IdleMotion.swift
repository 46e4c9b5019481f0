import Foundation
import Media
import Rendering
import Speech

/// What a figure does besides speaking: it blinks, moves its head with the voice, lifts its brows and breathes.
///
/// One value a frame, all drawn from a seed. Constants from Lipsmith's photo study.
struct IdleMotion: Sendable {
    private(set) var turns: [HeadTurn]
    /// In face units.
    private(set) var browLift: [Float]
    /// How far both lids are down, 0…1.
    private(set) var blinks: [Float]
    /// How far the mouth has left the still's own, 0…1.
    private(set) var speaking: [Float]

    /// A blink in steps of 40 ms.
    private static let blinkSteps: [Float] = [0.25, 0.7, 1, 1, 0.8, 0.5, 0.25, 0.08]
    private static let blinkStepSeconds = 0.04
    private static let degrees = Float.pi / 180

    /// How far heads may turn from a still that is turned already: farther back to the front than out.
    struct Limits: Sendable {
        var left: Float
        var right: Float
        static let pitchRadians = 8 * IdleMotion.degrees
        static let rollRadians = 2 * IdleMotion.degrees

        /// - Parameter yawRadians: Of the still's own head.
        init(yawRadians: Float) {
            let out = max(3, 8 - 0.25 * abs(yawRadians) / IdleMotion.degrees) * IdleMotion.degrees
            let back = 10 * IdleMotion.degrees
            right = yawRadians >= 0 ? out : back
            left = yawRadians >= 0 ? back : out
            if abs(yawRadians) < 4 * IdleMotion.degrees { (left, right) = (out, out) }
        }

        func apply(_ turn: HeadTurn) -> HeadTurn {
            func soft(_ value: Float, _ limit: Float) -> Float { limit * tanh(value / limit) }
            var result = turn
            result.yawRadians = soft(turn.yawRadians, turn.yawRadians > 0 ? right : left)
            result.pitchRadians = soft(turn.pitchRadians, Self.pitchRadians)
            result.rollRadians = soft(turn.rollRadians, Self.rollRadians)
            return result
        }
    }

    /// Draws a life for a mouth track.
    ///
    /// - Parameters:
    ///   - jawDrops: How far the chin drops in each frame, in face units.
    ///   - motion: 0 holds the head still, 1 is natural, 2 lively.
    init(track: MouthTrack, jawDrops: [Float], seed: UInt64, motion: Double, limits: Limits) {
        let count = track.opening.count
        let rate = track.frameRate.value
        let strength = Float(motion)
        var random = SeededGenerator(seed: seed, stream: 1)
        let yaw = SmoothNoise.values(count: count, sigma: 0.56 * rate, &random)
        let pitch = SmoothNoise.values(count: count, sigma: 0.48 * rate, &random)
        let roll = SmoothNoise.values(count: count, sigma: 0.72 * rate, &random)
        let emphasis = Self.emphasis(track, rate: rate)
        let nods = SmoothNoise.blurred(jawDrops, sigma: 0.12 * rate)
        let phase = Float(random.uniform()) * 2 * .pi
        turns = (0..<count).map { index in
            // The first frame is the still; motion comes up over a second.
            let seconds = Float(Double(index) / rate)
            let risen = min(seconds, 1)
            let breath = sin(2 * .pi * 0.25 * seconds + phase)
            let turn = HeadTurn(
                yawRadians: 1.6 * yaw[index] * Self.degrees * strength,
                pitchRadians: (pitch[index] + 8 * nods[index] + 1.5 * emphasis[index]) * Self.degrees * strength,
                rollRadians: 0.8 * roll[index] * Self.degrees * strength, drop: 0.006 * breath * min(strength, 1))
            return limits.apply(turn).scaled(by: smoothStep(0, 1, risen))
        }
        browLift = emphasis.map { 0.03 * $0 }
        blinks = Array(repeating: 0, count: count)
        speaking = Self.speaking(track, rate: rate)
        blink(rate: rate, seed: seed, speech: track.speech)
    }

    /// Where the voice is stressed, 0…1: the opening's fast mean over its slow one.
    private static func emphasis(_ track: MouthTrack, rate: Double) -> [Float] {
        let fast = SmoothNoise.blurred(track.opening, sigma: 0.10 * rate)
        let slow = SmoothNoise.blurred(track.opening, sigma: 0.60 * rate)
        let raw = zip(fast, slow).map { min(max(($0 - $1 - 0.08) / 0.25, 0), 1) }
        return SmoothNoise.blurred(raw, sigma: 0.08 * rate)
    }

    /// The first frame is the still: a voice that begins at once takes the mouth over in this time.
    private static let takeoverSeconds = 0.16

    /// Words and the short pauses between them are speech; longer pauses bring the still's own mouth back.
    private static func speaking(_ track: MouthTrack, rate: Double) -> [Float] {
        let hold = Int((0.35 * rate).rounded())
        var result = track.speech
        for index in track.speech.indices where track.speech[index] > 0.1 {
            for near in max(0, index - hold)...min(result.count - 1, index + hold) { result[near] = 1 }
        }
        return SmoothNoise.blurred(result, sigma: 0.10 * rate).enumerated().map { index, value in
            let risen = Float(min(Double(index) / rate / takeoverSeconds, 1))
            return value * smoothStep(0, 1, risen)
        }
    }

    private mutating func blink(rate: Double, seed: UInt64, speech: [Float]) {
        var random = SeededGenerator(seed: seed, stream: 2)
        let duration = Double(blinks.count) / rate
        var starts: [Double] = []
        var next = 0.8 + 1.7 * random.uniform()
        while next < duration {
            starts.append(next)
            next += 2.2 + 2.2 * random.uniform()
        }
        // People also blink when they pause.
        let pause = Int((0.4 * rate).rounded())
        for index in speech.indices.dropFirst(max(pause, 1)) where speech[index] <= 0.1 && speech[index - 1] > 0.1 {
            let seconds = Double(index) / rate
            let isLong = speech[index..<min(index + pause, speech.count)].allSatisfy { $0 <= 0.1 }
            if isLong, starts.allSatisfy({ abs($0 - seconds) > 1.2 }) { starts.append(seconds) }
        }
        for start in starts.sorted() {
            let length = Double(Self.blinkSteps.count) * Self.blinkStepSeconds
            let frames = Int(((start - Self.blinkStepSeconds) * rate).rounded(.up))..<Int((start + length) * rate) + 1
            for index in frames.clamped(to: blinks.indices) {
                let step = (Double(index) / rate - start) / Self.blinkStepSeconds
                let before = Int(step.rounded(.down))
                func value(_ at: Int) -> Float { Self.blinkSteps.indices.contains(at) ? Self.blinkSteps[at] : 0 }
                let amount = value(before) + (value(before + 1) - value(before)) * Float(step - Double(before))
                blinks[index] = max(blinks[index], amount)
            }
        }
    }
}
