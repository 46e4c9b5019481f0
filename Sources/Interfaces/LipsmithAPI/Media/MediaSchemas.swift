import Generations
import WebInterface

/// The named schemas of the sections on media, for the document of the interface.
enum MediaSchemas {
    static let all: [String: Schema] = [
        "Upload": upload, "Asset": asset, "Check": check, "CheckedPicture": picture, "CheckedSound": sound,
        "Verification": verification,
    ]

    private static let upload = Schema.object(
        ["id": .uuid, "name": .string, "byteCount": .integer, "offset": .integer, "expiresAt": .time],
        required: ["id", "name", "byteCount", "offset", "expiresAt"])

    private static let asset = Schema.object(
        [
            "id": .uuid, "name": .string, "kind": .oneWord(of: ["video", "audio", "image"]),
            "format": .string.nullable, "byteCount": .integer.nullable, "durationSeconds": .number.nullable,
            "width": .integer.nullable, "height": .integer.nullable, "createdAt": .time, "url": .address.nullable,
            "thumbnailUrl": .address.nullable, "origin": .oneWord(of: AssetView.origins),
        ],
        required: [
            "id", "name", "kind", "format", "byteCount", "durationSeconds", "width", "height", "createdAt", "url",
            "thumbnailUrl", "origin",
        ])

    private static let verification = Schema.object(
        [
            "outcome": .oneWord(of: ["credentialsValid", "credentialsAltered", "recognised", "nothingFound"]),
            "digest": .string, "credentials": .object(["state": .string], required: ["state"]),
            "watermark": .object(["state": .string], required: ["state"]),
            "registry": .object(["state": .string], required: ["state"]), "summary": .list(of: .string),
        ], required: ["outcome", "digest", "credentials", "watermark", "registry", "summary"])

    private static let face = Schema.object(
        [
            "left": .number, "top": .number, "right": .number, "bottom": .number, "yawDegrees": .number,
            "confidence": .number(0...1),
        ], required: ["left", "top", "right", "bottom", "yawDegrees", "confidence"])

    private static let sample = Schema.object(
        ["seconds": .number, "frame": .integer, "faces": .list(of: face)], required: ["seconds", "frame", "faces"])

    private static let gap = Schema.object(
        [
            "startSeconds": .number, "endSeconds": .number,
            "reason": .oneWord(of: CheckedPicture.Gap.Reason.self),
        ], required: ["startSeconds", "endSeconds", "reason"])

    private static let picture = Schema.object(
        [
            "kind": .oneWord(of: ["video", "image"]), "durationSeconds": .number.nullable, "width": .integer,
            "height": .integer, "frameRate": .number.nullable, "frameCount": .integer, "samples": .list(of: sample),
            "shots": .list(of: .number), "gaps": .list(of: gap),
        ],
        required: [
            "kind", "durationSeconds", "width", "height", "frameRate", "frameCount", "samples", "shots", "gaps",
        ])

    private static let sound = Schema.object(
        [
            "durationSeconds": .number, "loudness": .number.nullable, "peakDecibels": .number.nullable,
            "clippedShare": .number(0...1), "silentShare": .number(0...1),
            "waveform": .list(of: .number(0...1), 0...600),
        ], required: ["durationSeconds", "loudness", "peakDecibels", "clippedShare", "silentShare", "waveform"])

    private static let outcome = Schema.object(
        ["syncMode": .oneWord(of: SyncMode.self), "outputSeconds": .number, "sentence": .string],
        required: ["syncMode", "outputSeconds", "sentence"])

    private static let problem = Schema.object(
        [
            "code": .string, "level": .oneWord(of: MediaProblem.Level.self), "message": .string,
            "suggestion": .string,
        ], required: ["code", "level", "message", "suggestion"])

    private static let check = Schema.object(
        [
            "picture": .named("CheckedPicture").nullable, "sound": .named("CheckedSound").nullable,
            "outcomes": .list(of: outcome), "estimateSeconds": .number.nullable, "queueSeconds": .number.nullable,
            "problems": .list(of: problem),
        ], required: ["picture", "sound", "outcomes", "estimateSeconds", "queueSeconds", "problems"])
}
