import Generations

/// The step that looks at segments: ranges, names of sounds, crops, overlap, and the two deprecated spellings.
enum SegmentCheck {
    static func check(
        _ draft: RequestDraft, inputs: [MediaInput], options: [GenerationOptions]
    ) throws(SyncError) -> [Segment] {
        let names = try referenceNames(of: inputs)
        guard let drafts = draft.segments, !drafts.isEmpty else { return try legacySegments(draft, inputs: inputs) }
        guard !inputs.contains(where: { $0.kind == .image }) else {
            throw invalid("segments", "A picture has no segments.")
        }
        var segments: [Segment] = []
        for (index, segment) in drafts.enumerated() {
            let field = "segments[\(index)]"
            let range = try range(segment, field: field)
            guard let name = segment.referenceName, !name.isEmpty else {
                throw invalid("\(field).audioInput.refId", "\(field).audioInput.refId must be given.")
            }
            guard let voice = names[name] else {
                throw invalid(
                    "\(field).audioInput.refId", "\(field).audioInput.refId names no audio or text input.")
            }
            segments.append(
                Segment(
                    range: .seconds(range.lowerBound, range.upperBound), voiceInput: voice,
                    voiceCrop: try crop(segment, field: field), options: options[index]))
        }
        if let (earlier, later) = Segment.overlap(in: segments) {
            let index = max(earlier, later)
            throw invalid("segments[\(index)]", "segments[\(earlier)] and segments[\(later)] overlap.")
        }
        return segments
    }

    private static func invalid(_ field: String, _ message: String) -> SyncError {
        SyncError(.generationInputSegmentsInvalid, message, field: field)
    }

    private static func referenceNames(of inputs: [MediaInput]) throws(SyncError) -> [String: Int] {
        var names: [String: Int] = [:]
        for (index, input) in inputs.enumerated() where input.role == .voice {
            guard let name = input.referenceName else { continue }
            guard names.updateValue(index, forKey: name) == nil else {
                throw invalid("input[\(index)].refId", "input[\(index)].refId is used by another input.")
            }
        }
        return names
    }

    private static func range(_ segment: SegmentDraft, field: String) throws(SyncError) -> ClosedRange<Double> {
        guard let start = segment.start, start.isFinite, start >= 0 else {
            throw invalid("\(field).startTime", "\(field).startTime must be a number of seconds from 0 on.")
        }
        guard let end = segment.end, end.isFinite, end >= start else {
            throw invalid("\(field).endTime", "\(field).endTime must not lie before startTime.")
        }
        return start...end
    }

    private static func crop(_ segment: SegmentDraft, field: String) throws(SyncError) -> VoiceCrop? {
        if segment.voiceStart == nil, segment.voiceEnd == nil { return nil }
        guard let start = segment.voiceStart, let end = segment.voiceEnd, start.isFinite, end.isFinite, start >= 0,
            end > start
        else {
            throw SyncError(
                .generationInputTrimInvalid,
                "\(field).audioInput needs both startTime and endTime, the first before the second.",
                field: "\(field).audioInput")
        }
        return VoiceCrop(start: start, end: end)
    }

    private static func legacySegments(
        _ draft: RequestDraft, inputs: [MediaInput]
    ) throws(SyncError) -> [Segment] {
        for (index, input) in draft.inputs.enumerated() where input.type == "video" || input.type == "image" {
            let field = "input[\(index)]"
            if let list = input.segmentsInSeconds, !list.isEmpty {
                try refusePicture(input, field: "\(field).segments_secs")
                let pair = try onlyPair(list, field: "\(field).segments_secs")
                guard pair[0] >= 0, pair[1] >= pair[0] else {
                    throw invalid("\(field).segments_secs", "\(field).segments_secs must be a start and a later end.")
                }
                return [Segment(range: .seconds(pair[0], pair[1]), voiceInput: try onlyVoice(inputs, field))]
            }
            if let list = input.segmentsInFrames, !list.isEmpty {
                try refusePicture(input, field: "\(field).segments_frames")
                let pair = try onlyPair(list, field: "\(field).segments_frames")
                guard let first = Int(exactly: pair[0]), let end = Int(exactly: pair[1]), first >= 0, end > first else {
                    throw invalid(
                        "\(field).segments_frames", "\(field).segments_frames must be a frame and a later frame.")
                }
                return [Segment(range: .frames(first, end), voiceInput: try onlyVoice(inputs, field))]
            }
        }
        return []
    }

    private static func refusePicture(_ input: InputDraft, field: String) throws(SyncError) {
        if input.type == "image" { throw invalid(field, "A picture has no segments.") }
    }

    private static func onlyPair(_ list: [[Double]], field: String) throws(SyncError) -> [Double] {
        guard list.count == 1, list[0].count == 2, list[0].allSatisfy(\.isFinite) else {
            throw invalid(field, "\(field) must have exactly one pair of numbers.")
        }
        return list[0]
    }

    private static func onlyVoice(_ inputs: [MediaInput], _ field: String) throws(SyncError) -> Int {
        guard let voice = inputs.firstIndex(where: { $0.role == .voice }) else {
            throw invalid(field, "A part of a video needs one audio or text.")
        }
        return voice
    }
}
