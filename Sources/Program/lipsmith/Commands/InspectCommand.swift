import Foundation
import LipSync

/// `lipsmith inspect`: what a file is and which faces it shows.
enum InspectCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let skipsFaces = arguments.takeFlag("--no-faces")
        guard let path = arguments.takePositional() else { throw UsageError(message: "Name a file to inspect.") }
        try arguments.finish()
        let cancellation = Cancellation()
        let interruption = Interruption(cancellation)
        defer { withExtendedLifetime(interruption) {} }
        do {
            let inspection = try Inspection(path, readsFaces: !skipsFaces, cancellation: cancellation)
            Terminal.out(isJSON ? JSONText.pretty(inspection) : describe(inspection))
            return .success
        } catch {
            return CommandFailure(error).show(EventWriter(isJSON: isJSON))
        }
    }

    private static func describe(_ inspection: Inspection) -> String {
        let media = inspection.media
        var lines = ["container  \(media.container), \(seconds(media.durationSeconds))"]
        if let video = media.video {
            var facts = "\(video.codec), \(video.width)×\(video.height), \(video.frameRate) frames/s"
            if video.isVariableFrameRate { facts += " (a grid for a variable rate)" }
            if video.rotationDegrees != 0 { facts += ", turned by \(video.rotationDegrees)°" }
            if video.color.isHighDynamicRange { facts += ", high dynamic range" }
            lines.append("picture    " + facts)
        }
        if let audio = media.audio {
            lines.append(
                "sound      \(audio.codec), \(audio.sampleRate) Hz, \(audio.channelCount) channels, "
                    + seconds(audio.durationSeconds))
        }
        guard let faces = inspection.faces else { return lines.joined(separator: "\n") }
        lines.append("faces      seen in \(faces.framesWithFace) of \(faces.frames) frames")
        for face in faces.faces {
            lines.append(
                "  face \(face.identity)   frames \(face.firstFrame)–\(face.lastFrame) (\(face.frames)), shot \(face.shot), "
                    + "\(Int(face.meanWidthPixels)) pixels wide" + (face.isSpeaker ? ", would speak" : ""))
        }
        return lines.joined(separator: "\n")
    }

    private static func seconds(_ value: Double) -> String { String(format: "%.2f s", value) }
}
