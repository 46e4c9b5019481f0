import Face
import Foundation
package import Media
import Rendering

/// Finds the source frames that the parts use and that are left untouched, and tells what is known of them.
package struct GapFinder {
    let source: SourceAnalysis
    let timeline: OutputTimeline
    let scenes: SceneSet
    let frameRate: Rational

    /// The gaps in order, and for each the output frame that shows its middle.
    func find() -> [(gap: RenderReport.Gap, outputFrame: Int)] {
        var isDrawn: [Int: Bool] = [:]
        for piece in timeline.pieces where piece.part != nil {
            for index in piece.frames {
                let number = piece.sourceFrame(at: index)
                isDrawn[number] = isDrawn[number] == true || scenes.isDrawn(index)
            }
        }
        let shown = Set(scenes.scenes.flatMap(\.speaker.frameNumbers))
        var gaps: [RenderReport.Gap] = []
        for number in isDrawn.keys.sorted() where isDrawn[number] == false {
            let reason: RenderReport.Gap.Reason =
                !source.hasFace(number) ? .noFace : shown.contains(number) ? .notDrawable : .speakerNotSeen
            if let last = gaps.last, last.lastFrame == number - 1, last.reason == reason {
                gaps[gaps.count - 1].lastFrame = number
            } else {
                gaps.append(.init(firstFrame: number, lastFrame: number, reason: reason))
            }
        }
        return located(gaps)
    }

    private func located(_ gaps: [RenderReport.Gap]) -> [(gap: RenderReport.Gap, outputFrame: Int)] {
        var gapOfFrame: [Int: Int] = [:]
        for (number, gap) in gaps.enumerated() {
            for frame in gap.firstFrame...gap.lastFrame { gapOfFrame[frame] = number }
        }
        var runs = [[Range<Int>]](repeating: [], count: gaps.count)
        for piece in timeline.pieces where piece.part != nil {
            for index in piece.frames {
                guard let number = gapOfFrame[piece.sourceFrame(at: index)] else { continue }
                if let last = runs[number].last, last.upperBound == index {
                    runs[number][runs[number].count - 1] = last.lowerBound..<index + 1
                } else {
                    runs[number].append(index..<index + 1)
                }
            }
        }
        return zip(gaps, runs).map { gap, runs in
            var gap = gap
            gap.firstTimecode = Self.timecode(gap.firstFrame, frameRate)
            gap.lastTimecode = Self.timecode(gap.lastFrame, frameRate)
            gap.outputSeconds = runs.map { [seconds($0.lowerBound), seconds($0.upperBound)] }
            gap.largestYawDegrees = largestYawDegrees(gap.firstFrame...gap.lastFrame)
            let longest = runs.max { $0.count < $1.count }
            return (gap, longest.map { ($0.lowerBound + $0.upperBound - 1) / 2 } ?? 0)
        }
    }

    private func seconds(_ frame: Int) -> Double { (Double(frame) / frameRate.value).rounded(toPlaces: 3) }

    private func largestYawDegrees(_ frames: ClosedRange<Int>) -> Double? {
        var largest: Float?
        for scene in scenes.scenes {
            for frame in frames {
                guard let row = scene.speaker.row(ofFrame: frame) else { continue }
                largest = max(largest ?? 0, abs(scene.speaker.pose(row).rotation.yawRadians))
            }
        }
        return largest.map { Double($0 * 180 / .pi).rounded(toPlaces: 1) }
    }

    /// Hours, minutes, seconds and frames, each with two digits, counted at the nearest whole frame rate as editing programs
    /// do without dropped numbers.
    package static func timecode(_ frame: Int, _ frameRate: Rational) -> String {
        let base = max(1, Int(frameRate.value.rounded()))
        let seconds = frame / base
        let fields = [seconds / 3600, seconds / 60 % 60, seconds % 60, frame % base]
        return fields.map { $0 < 10 ? "0\($0)" : String($0) }.joined(separator: ":")
    }
}
