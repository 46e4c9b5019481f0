import Media

/// Brings the parts of a plan onto the clip's frames, or tells why they do not fit.
enum PartRanges {
    /// A range may end this far behind the clip's end: lengths of containers include a little more sound than picture.
    static let toleranceSeconds = 0.1

    /// The frames of the plan's parts; `nil` for a part that is the whole clip.
    ///
    /// - Throws: `RenderFailure` of code `segmentsInvalid`.
    static func frames(_ parts: [RenderPart], frameRate: Rational, clipFrameCount: Int) throws -> [Range<Int>?] {
        guard !parts.isEmpty else {
            throw invalid("The plan has no part to re-sync.", "Give at least one.")
        }
        if parts.count == 1, parts[0].range == nil { return [nil] }
        let tolerance = Int((toleranceSeconds * frameRate.value).rounded(.up))
        var ranges: [Range<Int>] = []
        for part in parts {
            guard let range = part.range else {
                throw invalid(
                    "A part without a range stands beside other parts.", "Give every part a range, or only one part.")
            }
            guard let (start, end) = range.frames(frameRate), start >= 0, end >= start else {
                throw invalid("A segment ends before it starts or starts before the clip.", "Correct its times.")
            }
            guard end <= clipFrameCount + tolerance, start <= clipFrameCount else {
                throw invalid(
                    "A segment reaches beyond the end of the clip.",
                    "The clip is \(seconds(clipFrameCount, frameRate)) s long; end the segment there.")
            }
            guard start >= ranges.last?.upperBound ?? 0 else {
                throw invalid(
                    "Segments overlap or are not in order.", "Let each segment start where the last one ends.")
            }
            ranges.append(start..<max(start, min(end, clipFrameCount)))
        }
        return ranges
    }

    /// Checks that a plan's second output can be made.
    ///
    /// - Throws: `RenderFailure` of code `segmentsInvalid`.
    static func checkSegmentOutput(_ plan: RenderPlan) throws {
        guard plan.segmentOutputPath != nil, plan.parts.count != 1 || plan.parts[0].range == nil else { return }
        throw invalid(
            "A separate output of the segment needs exactly one segment.", "Give one segment or no separate output.")
    }

    private static func seconds(_ frames: Int, _ frameRate: Rational) -> Double {
        (Double(frames) / frameRate.value * 100).rounded() / 100
    }

    private static func invalid(_ message: String, _ suggestion: String) -> RenderFailure {
        RenderFailure(.segmentsInvalid, message: message, suggestion: suggestion)
    }
}

extension SourceRange {
    /// A frame number beyond this is a mistake, and larger ones would overflow.
    private static let furthestFrame = 1 << 40

    /// First frame and end, rounded to the nearest frame; `nil` for numbers that are none.
    fileprivate func frames(_ frameRate: Rational) -> (start: Int, end: Int)? {
        switch self {
        case .frames(let start, let end):
            return min(start, end) > -Self.furthestFrame && max(start, end) < Self.furthestFrame ? (start, end) : nil
        case .seconds(let start, let end):
            let limit = Double(Self.furthestFrame) / max(frameRate.value, 1)
            guard start.isFinite, end.isFinite, abs(start) < limit, abs(end) < limit, start >= 0, end >= start else {
                return nil
            }
            return (Int((start * frameRate.value).rounded()), Int((end * frameRate.value).rounded()))
        }
    }
}
