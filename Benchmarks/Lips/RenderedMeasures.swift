import Face
import Foundation
import LipSync
import Media
import Rendering
import Speech

/// What was measured on one rendered clip: do the drawn lips do what was wanted, and does the mouth look like film?
struct RenderedMeasures {
    var name: String
    /// Correlation of the lips, tracked again, with the wanted track.
    var opening = 0.0
    var width = 0.0
    var jaw = 0.0
    /// Correlation of the drawn opening with that of the clip's own lips, at the clip's own lag; `nan` unless the clip
    /// speaks with its own sound.
    var real = Double.nan
    /// Frames by which the drawn lips are late.
    var lagFrames = 0
    /// The share of the wanted closures that are seen shut; `nan` without any.
    var closures = Double.nan
    /// The frames of those that are not.
    var missed: [Int] = []
    /// The share of the silent frames in which the mouth rests; `nan` without any.
    var rest = Double.nan
    /// What the picture of the mouth is like.
    var picture = PictureMeasures.Result()
    /// Milliseconds a frame that drawing took.
    var drawMilliseconds = 0.0
}

/// Renders clips and measures what came out.
struct RenderedBenchmark {
    /// A mouth counts as shut below this share of its range, wanted or tracked.
    private static let shutShare: Float = 0.15
    /// Between openings: wanted this far open within `closureReachSeconds` before and behind.
    private static let openShare: Float = 0.3
    private static let closureReachSeconds = 0.4
    /// A tracked gap below this (distances of the outer eye corners) is shut whatever the range: the mesh reports up to
    /// 0.04 for lips that touch, and its reading of one face wanders by this much.
    private static let shutGap: Float = 0.014
    /// The track speaks less than this in silence.
    private static let silentSpeech: Float = 0.02
    /// Clips are out of step with their own sound by up to this.
    private static let ownLagSeconds = 0.3

    let models: FaceModels
    let encoder: any SpeechEncoder
    /// What all clips say; `nil` lets each say with new lips what it says anyway.
    let sound: String?
    let profile: EngineProfile
    /// Where the rendered videos stay, and are measured again if they are there already; `nil` throws them away.
    let folder: String?

    private let analysis: SpeechAnalysis?

    init(
        models: FaceModels, encoder: any SpeechEncoder, sound: String?, profile: EngineProfile, folder: String?
    ) throws {
        self.models = models
        self.encoder = encoder
        self.sound = sound
        self.profile = profile
        self.folder = folder
        analysis = try sound.map { try speech($0, encoder: encoder) }
    }

    /// Renders a clip without loss, frame for frame as far as clip and sound go, and measures the result.
    func measure(_ path: String) throws -> RenderedMeasures {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let kept = folder.map { "\($0)/\(name).mp4" }
        let output =
            kept ?? FileManager.default.temporaryDirectory.appendingPathComponent("lips-\(getpid()).mp4").path
        defer { if kept == nil { try? FileManager.default.removeItem(atPath: output) } }
        var result = RenderedMeasures(name: name)
        if kept == nil || !FileManager.default.fileExists(atPath: output) {
            let plan = RenderPlan(
                videoPath: path, audioPath: sound ?? path, outputPath: output, syncMode: .cutOff, profile: profile,
                constantRateFactor: 0, preset: "ultrafast")
            let report = try EngineRegistry.standard().render(plan)
            result.drawMilliseconds = report.timings.drawMilliseconds
        }
        let pair = try TrackedPair(source: path, output: output, models: models)
        guard pair.frames.count > 20 else { throw UnusableClip(path: path) }
        result.picture = pair.picture
        compare(&result, pair, analysis: try analysis ?? speech(path, encoder: encoder))
        if sound == nil { result.real = Self.likeness(of: pair) }
        return result
    }

    /// How well the drawn lips follow the clip's own, at the lag that suits best.
    private static func likeness(of pair: TrackedPair) -> Double {
        let reach = Int((ownLagSeconds * pair.frameRate.value).rounded())
        let (own, shown) = (pair.own.map(\.opening), pair.shown.map(\.opening))
        return (-reach...reach).map { lag in
            let places = own.indices.filter { own.indices.contains($0 + lag) }
            return correlation(places.map { own[$0 + lag] }, places.map { shown[$0] })
        }.max()!
    }

    private func compare(_ result: inout RenderedMeasures, _ pair: TrackedPair, analysis: SpeechAnalysis) {
        let frames = pair.frames
        let track = MouthModel.track(
            analysis, frameRate: pair.frameRate, frameCount: frames[frames.count - 1] + 1)
        let real = pair.shown.map { Double($0.opening) }
        func wanted(_ curve: [Float], _ lag: Int) -> [Float] {
            frames.map { curve[min(max($0 - lag, 0), curve.count - 1)] }
        }
        result.lagFrames = (-5...5).max {
            correlation(wanted(track.opening, $0), real.map(Float.init))
                < correlation(wanted(track.opening, $1), real.map(Float.init))
        }!
        result.opening = correlation(wanted(track.opening, 0), pair.shown.map(\.opening))
        result.width = correlation(wanted(track.width, 0), pair.shown.map(\.width))
        result.jaw = correlation(wanted(track.jaw, 0), pair.shown.map(\.jaw))

        // Shut is what the speaker's own shut mouth looks like to the mesh, or the output's, where that is less.
        let shut = min(percentile(pair.own.map(\.opening), 0.05), percentile(pair.shown.map(\.opening), 0.05))
        let limit = shut + max(Self.shutShare * (percentile(pair.shown.map(\.opening), 0.95) - shut), Self.shutGap)
        // A closure may last for one frame, which smoothing would take away.
        let isShut = pair.shownRaw.map { $0.opening <= limit }
        let wanted = wanted(track.opening, 0)
        let reach = Int((Self.closureReachSeconds * pair.frameRate.value).rounded())
        var (closures, shown) = (0, 0)
        var start = 0
        while start < wanted.count {
            guard wanted[start] < Self.shutShare else {
                start += 1
                continue
            }
            var end = start
            while end < wanted.count, wanted[end] < Self.shutShare { end += 1 }
            let before = wanted[max(0, start - reach)..<start].max() ?? 0
            let after = wanted[end..<min(wanted.count, end + reach)].max() ?? 0
            if before > Self.openShare, after > Self.openShare {
                closures += 1
                if isShut[start..<end].contains(true) { shown += 1 } else { result.missed.append(frames[start]) }
            }
            start = end
        }
        if closures > 0 { result.closures = Double(shown) / Double(closures) }
        // Lips need a few frames to come to rest.
        let settle = Int((0.2 * pair.frameRate.value).rounded())
        let silent = frames.indices.filter { index in
            let around = max(0, frames[index] - settle)...min(track.speech.count - 1, frames[index] + settle)
            return track.speech[around].allSatisfy { $0 < Self.silentSpeech }
        }
        if silent.count > 4 { result.rest = Double(silent.count { isShut[$0] }) / Double(silent.count) }
    }

    /// Measures all clips and prints a table of them.
    func printTable(_ paths: [String]) {
        print(
            "| clip | opening | width | jaw | real | late, frames | closures | rest | sharpness | flicker | jumps | outside | seam |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        var rows: [RenderedMeasures] = []
        for path in paths {
            do {
                rows.append(try measure(path))
                print(Self.line(rows[rows.count - 1]))
            } catch {
                print("| \(path) | \(error) |")
            }
        }
        func middle(_ value: (RenderedMeasures) -> Double) -> Double { median(rows.map(value).filter { !$0.isNaN }) }
        print(
            String(
                format:
                    "| **median** | **%.2f** | **%.2f** | **%.2f** | **%@** | | **%@** | **%@** | **%.2f** | **%.2f** | **%.2f** | **%d** | **%.2f** |",
                middle(\.opening), middle(\.width), middle(\.jaw), Self.figure(middle(\.real)),
                Self.share(middle(\.closures)),
                Self.share(middle(\.rest)), middle(\.picture.sharpness), middle(\.picture.flicker),
                middle(\.picture.jumps), rows.map(\.picture.changedOutside).max() ?? 0, middle(\.picture.seam)))
        for row in rows where !row.missed.isEmpty { print("\nnot shut in \(row.name): frames \(row.missed)") }
        print(String(format: "\ndrawing, ms a frame, median: %.1f", middle(\.drawMilliseconds)))
    }

    private static func share(_ value: Double) -> String {
        value.isNaN ? "–" : String(format: "%.0f %%", 100 * value)
    }

    private static func figure(_ value: Double) -> String { value.isNaN ? "–" : String(format: "%.2f", value) }

    private static func line(_ row: RenderedMeasures) -> String {
        String(
            format: "| %@ | %.2f | %.2f | %.2f | %@ | %d | %@ | %@ | %.2f | %.2f | %.2f | %d | %.2f |", row.name,
            row.opening, row.width, row.jaw, figure(row.real), row.lagFrames, share(row.closures), share(row.rest),
            row.picture.sharpness, row.picture.flicker, row.picture.jumps, row.picture.changedOutside,
            row.picture.seam)
    }
}

/// The value below which a share of some numbers lies.
func percentile(_ values: [Float], _ share: Double) -> Float { CurveStatistics.percentile(values.sorted(), share) }

/// A clip and what was made of it, read side by side and tracked.
struct TrackedPair {
    /// Frames in which the speaker's face is seen in both.
    private(set) var frames: [Int] = []
    /// The mouth's curves in distances of the outer eye corners: the clip's own, and those of the output.
    private(set) var own: [MouthCurves] = []
    /// See `own`.
    private(set) var shown: [MouthCurves] = []
    /// `shown` before the mesh's noise was taken out.
    private(set) var shownRaw: [MouthCurves] = []
    private(set) var picture = PictureMeasures.Result()
    let frameRate: Rational

    init(source: String, output: String, models: FaceModels) throws {
        let readers = (try VideoReader(source), try VideoReader(output))
        let trackers = (FaceTracker(models), FaceTracker(models))
        frameRate = readers.0.info.frameRate
        var picture = PictureMeasures()
        var index = 0
        while let before = try readers.0.next(), let after = try readers.1.next() {
            defer { index += 1 }
            let faces = (try trackers.0.track(before).faces, try trackers.1.track(after).faces)
            let place = Self.placeOfChange(before, after)
            guard
                let face = faces.0.min(by: { Self.distance($0.box, place) < Self.distance($1.box, place) }),
                let drawn = faces.1.min(by: { Self.distance($0.box, face.box) < Self.distance($1.box, face.box) }),
                Self.distance(drawn.box, face.box) < face.box.right - face.box.left
            else {
                picture.interrupt()
                continue
            }
            // The skull is the same in both, so the steadier pose of the untouched face serves for both.
            let pose = FacePose(of: face.landmarks)
            frames.append(index)
            own.append(Self.curves(face.landmarks, pose))
            shown.append(Self.curves(drawn.landmarks, FacePose(of: drawn.landmarks)))
            picture.add(before, after, pose: pose, own: face.landmarks, drawn: drawn.landmarks)
        }
        self.picture = picture.result
        shownRaw = shown
        own = Self.steady(own, frameRate)
        shown = Self.steady(shown, frameRate)
    }

    /// Takes out some of the mesh's own noise, as for every track.
    private static func steady(_ curves: [MouthCurves], _ frameRate: Rational) -> [MouthCurves] {
        var values = curves.flatMap { [$0.opening, $0.width, $0.jaw] }
        LandmarkSmoother.smooth(&values, rowLength: 3, framesPerSecond: frameRate.value)
        return curves.indices.map {
            MouthCurves(opening: values[3 * $0], width: values[3 * $0 + 1], jaw: values[3 * $0 + 2])
        }
    }

    /// The middle of what was drawn as a box without size; of the picture where nothing was.
    private static func placeOfChange(_ before: VideoFrame, _ after: VideoFrame) -> FaceBox {
        let (a, b) = (before.luma, after.luma)
        var (x, y, count): (Float, Float, Float) = (0, 0, 0)
        for row in stride(from: 0, to: a.height, by: 2) {
            for column in stride(from: 0, to: a.width, by: 2)
            where a.base[row * a.stride + column] != b.base[row * b.stride + column] {
                x += Float(column)
                y += Float(row)
                count += 1
            }
        }
        let place = count > 0 ? SIMD2(x, y) / count : SIMD2(Float(a.width), Float(a.height)) / 2
        return FaceBox(left: place.x, top: place.y, right: place.x, bottom: place.y)
    }

    private static func distance(_ a: FaceBox, _ b: FaceBox) -> Float {
        let (x, y) = (a.left + a.right - b.left - b.right, a.top + a.bottom - b.top - b.bottom)
        return (x * x + y * y).squareRoot() / 2
    }

    private static func curves(_ points: [SIMD3<Float>], _ pose: FacePose) -> MouthCurves {
        func place(_ point: Int) -> SIMD3<Float> { pose.canonical(points[point]) }
        let across = place(Landmarks.leftCorner) - place(Landmarks.rightCorner)
        return MouthCurves(
            opening: place(Landmarks.lowerLipMiddle).y - place(Landmarks.upperLipMiddle).y,
            width: (across * across).sum().squareRoot(), jaw: place(Landmarks.chin).y - place(Landmarks.noseTip).y)
    }
}
