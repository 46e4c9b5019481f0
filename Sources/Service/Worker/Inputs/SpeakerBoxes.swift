package import Generations
import Text

/// Reads `{ "bounding_boxes": [[x1, y1, x2, y2], null, …] }`, one entry for each frame.
package enum SpeakerBoxes {
    /// - Throws: `JobFailure`, never worth another attempt.
    package static func parse(_ bytes: [UInt8]) throws(JobFailure) -> [SpeakerBox?] {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw invalid("The file of boxes is not JSON.", detail: error.description)
        }
        guard let entries = value["bounding_boxes"]?.array else {
            throw invalid("The file of boxes has no list bounding_boxes.")
        }
        var boxes: [SpeakerBox?] = []
        boxes.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            guard !entry.isNull else {
                boxes.append(nil)
                continue
            }
            guard let edges = entry.array?.map(\.double), edges.count == 4, let left = edges[0], let top = edges[1],
                let right = edges[2], let bottom = edges[3], left < right, top < bottom,
                [left, top, right, bottom].allSatisfy({ abs($0) <= SpeakerBox.largestCoordinate })
            else {
                throw invalid("bounding_boxes[\(index)] must be null or four numbers, the upper left corner first.")
            }
            boxes.append(SpeakerBox(left: left, top: top, right: right, bottom: bottom))
        }
        guard boxes.contains(where: { $0 != nil }) else { throw invalid("The file of boxes has no box.") }
        return boxes
    }

    private static func invalid(_ message: String, detail: String = "") -> JobFailure {
        JobFailure(.speakerInvalid, message, detail: detail)
    }
}
