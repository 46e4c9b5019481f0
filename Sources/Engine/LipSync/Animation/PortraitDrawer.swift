import Face
import Foundation
import Media
import Rendering
import Watermark

/// Draws the frames of an animation on one thread.
final class PortraitDrawer {
    private let scene: PortraitScene
    private var renderers: [Int: PortraitRenderer] = [:]
    private let painter: WatermarkPainter?

    init(_ scene: PortraitScene) {
        self.scene = scene
        painter = scene.watermark.map {
            WatermarkPainter(key: .standard, identifier: $0, meshPoints: Array(MeanFace.points.indices))
        }
    }

    /// - Throws: `MediaError` when there is no memory for a picture.
    func draw(_ index: Int) throws -> VideoFrame {
        let (picture, share) = scene.timeline.picture(atSeconds: scene.seconds(at: index))
        return try scene.camera(at: index).apply(try draw(index, picture, share))
    }

    private func draw(_ index: Int, _ picture: Int, _ share: Float) throws -> VideoFrame {
        let next = picture + 1
        guard share > 0, next < scene.stills.count else { return try drawAlone(index, picture) }
        guard let morph = scene.morphs[picture], let start = renderer(picture), let end = renderer(next) else {
            // Without faces that can meet, pictures can only dissolve; the still moments before and after are theirs.
            let frame = try drawAlone(index, picture)
            try frame.makeWritable()
            frame.dissolve(into: try drawAlone(index, next), share: smoothStep(0.2, 0.8, share))
            return frame
        }
        return try morph.draw(share, pose(at: index, picture), (start, end))
    }

    private func drawAlone(_ index: Int, _ picture: Int) throws -> VideoFrame {
        guard let renderer = renderer(picture) else { return try scene.stills[picture].frame.copy() }
        let frame = try renderer.draw(pose(at: index, picture))
        if let painter {
            try frame.makeWritable()
            painter.paint(into: frame, points: renderer.places, seconds: scene.seconds(at: index))
        }
        return frame
    }

    private func pose(at index: Int, _ picture: Int) -> PortraitPose {
        scene.poses.pose(at: index, mouthWidth: scene.portraits[picture]?.mouthWidthUnits ?? 0.5)
    }

    private func renderer(_ picture: Int) -> PortraitRenderer? {
        if let known = renderers[picture] { return known }
        guard let portrait = scene.portraits[picture] else { return nil }
        // A picture that is over does not come back.
        for old in renderers.keys where old < picture - 1 { renderers[old] = nil }
        let made = PortraitRenderer(portrait)
        renderers[picture] = made
        return made
    }
}

/// Everything that is drawn from, the same for all threads.
struct PortraitScene: Sendable {
    let stills: [StillFace]
    /// `nil` for a picture without a face.
    let portraits: [Portrait?]
    /// The change from each picture to the next; `nil` where their faces cannot meet.
    let morphs: [PortraitMorph?]
    let timeline: PictureTimeline
    let poses: PoseTrack
    let frameCount: Int
    /// How much the picture grows while the camera pushes in, and how much larger it is shown while it pans.
    private static let pushGrowth: Float = 0.12
    private static let panZoom: Float = 1.10
    let framesPerSecond: Double
    /// See `OutputMarks.watermark`.
    let watermark: UInt32?
    private let move: CameraMove

    init(
        _ plan: AnimationPlan, stills: [StillFace], portraits: [Portrait?], poses: PoseTrack, frameCount: Int
    ) {
        self.stills = stills
        self.portraits = portraits
        self.poses = poses
        self.frameCount = frameCount
        framesPerSecond = plan.frameRate.value
        watermark = plan.marks.watermark
        move = plan.camera
        morphs = zip(portraits, portraits.dropFirst()).map { start, end in
            guard let start, let end else { return nil }
            return PortraitMorph(from: start, to: end)
        }
        // The last frame, not the moment behind it, shows the last picture.
        timeline = PictureTimeline(plan.pictures, durationSeconds: Double(frameCount - 1) / framesPerSecond)
    }

    func seconds(at index: Int) -> Double { Double(index) / framesPerSecond }

    /// What the camera shows at a frame.
    func camera(at index: Int) -> FrameTransform {
        guard move != .still, frameCount > 1 else { return FrameTransform() }
        let size = SIMD2(Float(stills[0].frame.width), Float(stills[0].frame.height))
        let eased = smoothStep(0, 1, Float(index) / Float(frameCount - 1))
        let middle = size / 2
        switch move {
        case .still: return FrameTransform()
        case .pushIn, .pullOut:
            let focus = stills[0].focus ?? middle
            let zoom = 1 + Self.pushGrowth * (move == .pushIn ? eased : 1 - eased)
            // The focus stays where it is, so that the edges of the frame never come into view.
            return FrameTransform(from: focus, to: focus, zoom: zoom)
        case .panLeft, .panRight:
            let zoom = Self.panZoom
            let reach = (zoom - 1) / 2 * size.x / zoom
            let way = (2 * eased - 1) * reach * (move == .panLeft ? -1 : 1)
            return FrameTransform(from: middle + SIMD2(way, 0), to: middle, zoom: zoom)
        }
    }
}
