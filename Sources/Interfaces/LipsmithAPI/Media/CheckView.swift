import Generations
import Text
import WebInterface

extension CheckedPicture {
    /// The form of the interface.
    var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "durationSeconds": .seconds(durationSeconds), "width": .whole(width),
            "height": .whole(height), "frameRate": .seconds(frameRate), "frameCount": .whole(frameCount),
            "samples": .array(
                samples.map { sample in
                    [
                        "seconds": .seconds(sample.seconds), "frame": .whole(sample.frame),
                        "faces": .array(sample.faces.map(\.json)),
                    ]
                }), "shots": .array(shots.map { .seconds($0) }),
            "gaps": .array(
                gaps.map { gap in
                    [
                        "startSeconds": .seconds(gap.startSeconds), "endSeconds": .seconds(gap.endSeconds),
                        "reason": .string(gap.reason.rawValue),
                    ]
                }),
        ]
    }
}

extension CheckedPicture.Face {
    fileprivate var json: JSONValue {
        [
            "left": .number(box.left), "top": .number(box.top), "right": .number(box.right),
            "bottom": .number(box.bottom), "yawDegrees": .number(yawDegrees), "confidence": .number(confidence),
        ]
    }
}

extension CheckedSound {
    /// The form of the interface.
    var json: JSONValue {
        [
            "durationSeconds": .seconds(durationSeconds), "loudness": .decimal(loudness),
            "peakDecibels": .decimal(peakDecibels), "clippedShare": .number(clippedShare),
            "silentShare": .number(silentShare), "waveform": .array(waveform.map(JSONValue.number)),
        ]
    }
}

extension SyncOutcome {
    /// The form of the interface.
    var json: JSONValue {
        [
            "syncMode": .string(mode.rawValue), "outputSeconds": .seconds(outputSeconds),
            "sentence": .string(sentence),
        ]
    }
}

extension MediaProblem {
    /// The form of the interface.
    var json: JSONValue {
        [
            "code": .string(code), "level": .string(level.rawValue), "message": .string(message),
            "suggestion": .string(suggestion),
        ]
    }
}
