import Generations

/// The step that looks at the choice of a speaker.
enum SpeakerCheck {
    private static func isCoordinate(_ value: Double) -> Bool {
        value.isFinite && value >= 0 && value <= SpeakerBox.largestCoordinate
    }

    static func check(
        _ draft: SpeakerDraft, field: String, hasPicture: Bool
    ) throws(SyncError) -> SpeakerSelection? {
        let hasBoxes = draft.boxes != nil || draft.boxesURL != nil
        let hasPoint = draft.frame != nil || draft.coordinates != nil
        if draft.isAutomatic == true {
            guard !hasBoxes, !hasPoint else {
                throw invalid(field, "Automatic detection and a manual choice exclude each other.")
            }
            guard !hasPicture else { throw invalid("\(field).auto_detect", "A picture has no speaker to detect.") }
            return .automatic
        }
        if draft.boxes != nil, draft.boxesURL != nil {
            throw invalid(field, "bounding_boxes and bounding_boxes_url exclude each other.")
        }
        if let boxes = draft.boxes {
            let read = try read(boxes, field: "\(field).bounding_boxes")
            guard !hasPicture || read[0] != nil else {
                throw invalid(
                    "\(field).bounding_boxes", "A picture has only frame 0, so that the first rectangle must be given.")
            }
            return .boxes(read)
        }
        if let url = draft.boxesURL {
            if let problem = WebAddress.problem(in: url) {
                throw invalid("\(field).bounding_boxes_url", "bounding_boxes_url \(problem)")
            }
            return .boxesURL(url)
        }
        return hasPoint ? try readPoint(draft, field: field, hasPicture: hasPicture) : nil
    }

    private static func invalid(_ field: String, _ message: String) -> SyncError {
        SyncError(.generationInputFaceSelectionInvalid, message, field: field)
    }

    private static func readPoint(
        _ draft: SpeakerDraft, field: String, hasPicture: Bool
    ) throws(SyncError) -> SpeakerSelection {
        guard let point = draft.coordinates, point.count == 2, point.allSatisfy(isCoordinate) else {
            throw invalid("\(field).coordinates", "coordinates must be two numbers from 0 on, in pixels.")
        }
        let number = draft.frame ?? (hasPicture ? 0 : -1)
        guard number >= 0, number <= 100_000_000 else {
            throw invalid("\(field).frame_number", "frame_number must be given with coordinates, from 0 on.")
        }
        let frame = Int(number)
        guard !hasPicture || frame == 0 else {
            throw invalid("\(field).frame_number", "A picture has only frame 0.")
        }
        return .point(frame: frame, horizontal: point[0], vertical: point[1])
    }

    private static func read(_ boxes: [[Double]?], field: String) throws(SyncError) -> [SpeakerBox?] {
        guard !boxes.isEmpty, boxes.contains(where: { $0 != nil }) else {
            throw invalid(field, "bounding_boxes must have a rectangle for at least one frame.")
        }
        var result: [SpeakerBox?] = []
        result.reserveCapacity(boxes.count)
        for (index, box) in boxes.enumerated() {
            guard let box else {
                result.append(nil)
                continue
            }
            guard box.count == 4, box.allSatisfy(isCoordinate), box[2] > box[0], box[3] > box[1] else {
                throw invalid(
                    "\(field)[\(index)]", "A rectangle is left, upper, right and lower edge in pixels, in this order.")
            }
            result.append(SpeakerBox(left: box[0], top: box[1], right: box[2], bottom: box[3]))
        }
        return result
    }
}
