import LipSync
import Provenance

/// `lipsmith animate`: one picture, one sound, one video in which the picture speaks.
enum AnimateCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        let isQuiet = arguments.takeFlag("--quiet")
        let reportPath = try arguments.takeValue("--report")
        var first = PictureCue(path: try arguments.takeRequired("--photo"))
        first.speaker = try speaker(&arguments)
        var plan = AnimationPlan(pictures: [], outputPath: try arguments.takeRequired("--out", "-o"))
        plan.pictures = [first] + (try arguments.takeValues("--next-photo")).map { PictureCue(path: $0) }
        if let end = try arguments.takeValue("--end-photo") {
            guard plan.pictures.count == 1 else {
                throw UsageError(message: "--end-photo and --next-photo exclude each other.")
            }
            plan.pictures.append(PictureCue(path: end))
        }
        let sound = try SpokenText.takeSoundIfGiven(&arguments)
        plan.drivePath = try arguments.takeValue("--drive")
        plan.durationSeconds = try arguments.takeNumber("--duration", in: 0.04...EngineLimits.mediaSeconds)
        guard sound != nil || plan.drivePath != nil || plan.durationSeconds != nil else {
            throw UsageError(message: "--audio or --text is missing; without a voice give --drive or --duration.")
        }
        plan.size = try size(&arguments)
        plan.emotion =
            try arguments.takeChoice("--emotion", FacialEmotion.allCases.map { ($0.rawValue, $0) }) ?? plan.emotion
        plan.region =
            try arguments.takeChoice("--region", ExpressionRegion.allCases.map { ($0.rawValue, $0) }) ?? plan.region
        plan.camera = try arguments.takeChoice("--camera", CameraMove.allCases.map { ($0.rawValue, $0) }) ?? plan.camera
        plan.motion = try arguments.takeNumber("--motion", in: 0...2) ?? plan.motion
        plan.temperature = try arguments.takeNumber("--temperature", in: 0...1) ?? plan.temperature
        plan.frameRate = try frameRate(&arguments) ?? plan.frameRate
        let threadCount = try RenderRun.threadCount(&arguments)
        plan.seed = try arguments.takeNumber("--seed", in: 0...UInt64.max) ?? plan.seed
        plan.constantRateFactor = try arguments.takeNumber("--crf", in: 0...51) ?? plan.constantRateFactor
        plan.preset = try arguments.takeChoice("--preset", RenderRun.presets.map { ($0, $0) }) ?? plan.preset
        let credentials = try CommandCredentials.take(&arguments)
        try arguments.finish()
        plan.marks = credentials.marks(
            of: .animation(plan), inputPaths: plan.inputPaths + (sound?.paths ?? []))
        plan.isMeasured = reportPath != nil
        let ready = plan
        return RenderRun(
            inputPaths: plan.inputPaths + (sound?.paths ?? []),
            outputs: [OutputPlaces.Place(plan.outputPath, name: "--out")], reportPath: reportPath,
            credentials: credentials, isJSON: isJSON, isQuiet: isQuiet
        )
        .run { cancellation, staging, onProgress in
            func run(_ plan: AnimationPlan, voice: String? = nil) throws -> RenderReport {
                var plan = plan
                plan.outputPath = staging.path(of: plan.outputPath)
                let report = try EngineRegistry.standard(threadCount: threadCount)
                    .animate(plan, cancellation: cancellation, onProgress: onProgress)
                try staging.publish { place in
                    var facts = OutputFactsToState(of: place, report)
                    facts.voice = voice
                    return ManifestDraft(.animation(plan), contentType: "video/mp4", facts)
                }
                return report
            }
            guard let sound else { return try run(ready) }
            return try sound.with(isNoted: ready.isMeasured) { sound in
                var plan = ready
                plan.audioPath = sound.path
                plan.texts = sound.texts
                return try run(plan, voice: sound.voice)
            }
        }
    }

    private static func speaker(_ arguments: inout ArgumentReader) throws -> PicturePoint? {
        guard let text = try arguments.takeValue("--speaker") else { return nil }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
        guard numbers.count == 2, let x = numbers[0], let y = numbers[1], x.isFinite, y.isFinite else {
            throw UsageError(message: "--speaker takes X,Y, a pixel of the picture.")
        }
        return PicturePoint(x: x, y: y)
    }

    private static func size(_ arguments: inout ArgumentReader) throws -> PictureSize? {
        guard let text = try arguments.takeValue("--size") else { return nil }
        let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let width = numbers[0], let height = numbers[1],
            (64...4096).contains(width), (64...4096).contains(height), width * height <= 4096 * 2160
        else {
            throw UsageError(message: "--size takes WIDTHxHEIGHT in pixels, such as 1280x720, at most 4096x2160.")
        }
        return PictureSize(width: width, height: height)
    }

    private static func frameRate(_ arguments: inout ArgumentReader) throws -> FrameRate? {
        guard let text = try arguments.takeValue("--frame-rate") else { return nil }
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard let numerator = numbers[0], numbers.count <= 2, let denominator = numbers.count == 2 ? numbers[1] : 1,
            numerator > 0, denominator > 0, (1...120).contains(Double(numerator) / Double(denominator))
        else {
            throw UsageError(message: "--frame-rate takes frames a second from 1 to 120, such as 25 or 30000/1001.")
        }
        return FrameRate(numerator, denominator)
    }
}
