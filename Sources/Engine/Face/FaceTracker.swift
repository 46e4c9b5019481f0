public import Media

/// One face in one frame.
public struct FaceObservation: Sendable {
    /// The same number for the same face as long as it stays in the shot, unique over the clip.
    public var identity: Int
    /// 468 points in pixels; z in the same unit, smaller towards the camera.
    public var landmarks: [SIMD3<Float>]
    /// How certain the mesh network is that this is a face, 0…1; at least 0.5.
    public var confidence: Float

    /// The smallest upright rectangle around the points.
    public var box: FaceBox { FaceBox(around: landmarks) }

    /// The width of the face in pixels along the line of its eyes, whatever its angle in the picture.
    public var widthPixels: Float { FaceRectangle(around: landmarks).size.x }

    package init(identity: Int, landmarks: [SIMD3<Float>], confidence: Float) {
        self.identity = identity
        self.landmarks = landmarks
        self.confidence = confidence
    }
}

/// The faces of one frame.
public struct TrackedFrame: Sendable {
    /// The number of the shot the frame belongs to, from 0.
    public var shot: Int
    /// The faces, in order of their identities; empty where none was seen. A face that is lost is not extrapolated.
    public var faces: [FaceObservation]
}

/// Follows faces from frame to frame: the last mesh gives the square in which the next one is read; the detectors look
/// for faces at the start of a shot, after a loss and every few frames. Faces may lie in the picture at any angle.
///
/// A tracker is used by one thread at a time and takes the frames of a clip in order:
///
///     let tracker = FaceTracker(models)
///     while let frame = try reader.next() { faces += try tracker.track(frame).faces }
public final class FaceTracker {
    /// Frames from one run of the detectors to the next: a trade of detection time against how late a new face is
    /// noticed (0.3 to 0.4 s at 25 to 30 frames a second). Unmeasured.
    private static let detectionInterval = 10
    /// Frames from one search for small faces to the next while larger ones are followed; a trade likewise. Unmeasured.
    private static let farDetectionInterval = 30
    /// Faces that are followed at most; further detections are ignored. Bounds the time per frame. Unmeasured.
    private static let maximumFaces = 8
    /// A detection that overlaps a followed face by more than this (intersection over union) is that face: the
    /// threshold of `FaceDetector`.
    private static let sameFaceOverlap: Float = 0.3
    /// A mesh whose angle differs from the detection's by more than this, in radians, is not a reading of that face.
    /// Unmeasured.
    private static let sameAngle: Float = .pi / 3
    /// A new face is read again while its angle still changes by more than this, in radians. Unmeasured.
    private static let settledAngle: Float = 0.1
    /// The most readings of a new face; bounds the time. Unmeasured.
    private static let mostReadings = 5
    /// The score from which detections in turned pictures and in tiles are taken for faces: on the development pictures
    /// faces score 0.8 and more there, other patterns less than 0.6 (`FaceDetector.settled`).
    private static let leastSureScore: Float = 0.7
    /// A face that comes back within this many frames (3 s at 25 frames a second), near where it was, keeps its
    /// identity. Unmeasured.
    private static let memoryFrames = 75

    private typealias Face = FaceTrackerState.Face

    private let detector: FaceDetector
    private let mesh: FaceMesh
    /// Everything that a tracker remembers: another one that is made with it goes on as this one would.
    package private(set) var state: FaceTrackerState

    /// Whether faces that are too small for detection in the whole picture are looked for in its tiles.
    private let searchesTiles: Bool

    /// Makes a tracker.
    ///
    /// - Parameters:
    ///   - models: Are used by this tracker alone: sessions belong to one thread.
    ///   - searchesTiles: Whether faces down to 40 pixels are looked for in pictures of any size, at the start of a
    ///     shot and every ten frames while none is seen.
    public convenience init(_ models: FaceModels, searchesTiles: Bool = false) {
        self.init(models, searchesTiles: searchesTiles, state: FaceTrackerState())
    }

    /// Makes a tracker that goes on where another one has ended.
    package init(_ models: FaceModels, searchesTiles: Bool, state: FaceTrackerState) {
        self.searchesTiles = searchesTiles
        self.state = state
        detector = FaceDetector(models)
        mesh = FaceMesh(models.mesh)
    }

    /// Whether a search in tiles can find faces that a search without does not, in pictures of this size in pixels.
    public static func findsMoreInTiles(_ width: Int, _ height: Int) -> Bool {
        max(width, height) > FaceDetector.smallestTile
    }

    /// Finds the faces of the next frame.
    /// - Throws: `InferenceError` when a network cannot be run.
    public func track(_ frame: VideoFrame) throws -> TrackedFrame {
        state.frameNumber += 1
        let isNewShot = state.shots.isFirstOfShot(frame)
        if isNewShot {
            state.shot += 1
            state.active = []
            state.lost = []
        }
        var seen: [(face: Face, observation: FaceObservation)] = []
        let before = state.active.count
        for face in state.active { follow(face, try read(face, in: frame), &seen) }
        if isNewShot || seen.count < max(before, 1) || state.frameNumber % Self.detectionInterval == 0 {
            try look(for: frame, isNewShot: isNewShot, &seen)
        }
        state.active = seen.map(\.face)
        let frameNumber = state.frameNumber
        state.lost.removeAll { frameNumber - $0.lastSeen > Self.memoryFrames }
        return TrackedFrame(
            shot: state.shot, faces: seen.map(\.observation).sorted { $0.identity < $1.identity })
    }

    private func read(_ face: Face, in frame: VideoFrame) throws -> FaceObservation? {
        let (landmarks, presence) = try mesh.read(frame, region: face.region)
        guard presence >= FaceMesh.minimumPresence, isPlausible(landmarks, in: frame) else { return nil }
        return FaceObservation(identity: face.identity, landmarks: landmarks, confidence: presence)
    }

    /// Whether a mesh can be a face: its eyes are apart by more than 0.15 of its width, it is at least 12 pixels wide,
    /// and its middle lies inside the picture. Both limits are far below real faces; unmeasured.
    private func isPlausible(_ landmarks: [SIMD3<Float>], in frame: VideoFrame) -> Bool {
        let outline = FaceRectangle(around: landmarks)
        let eyes = landmarks[263] - landmarks[33]
        let eyeDistance = (eyes.x * eyes.x + eyes.y * eyes.y).squareRoot()
        let picture = FaceBox(left: 0, top: 0, right: Float(frame.width), bottom: Float(frame.height))
        return eyeDistance > 0.15 * outline.size.x && outline.size.x >= 12 && picture.contains(outline.center)
    }

    private func follow(
        _ face: Face, _ observation: FaceObservation?, _ seen: inout [(face: Face, observation: FaceObservation)]
    ) {
        guard let observation else {
            state.lost.append(face)
            return
        }
        let box = observation.box
        // Two regions can drift onto one face, then the older identity keeps it. Half of the area shared is more than
        // neighbouring faces share; unmeasured.
        if seen.contains(where: { $0.face.box.overlap(box) > 0.5 }) { return }
        var face = face
        face.region = FaceRegion(around: observation.landmarks).onGrid
        face.box = box
        face.lastSeen = state.frameNumber
        seen.append((face, observation))
    }

    private func look(
        for frame: VideoFrame, isNewShot: Bool, _ seen: inout [(face: Face, observation: FaceObservation)]
    ) throws {
        let includesFar = isNewShot || state.frameNumber % Self.farDetectionInterval == 0
        // Tiles are searched where a search without found no face; most low scores there are not faces either.
        let leastScore = searchesTiles ? Self.leastSureScore : 0
        for detection in try detector.detect(frame, includesFar: includesFar) {
            try add(detection, in: frame, leastScore: leastScore, &seen)
        }
        // Most turned faces are found in the upright picture too, but not all.
        guard isNewShot || seen.isEmpty && state.frameNumber % Self.detectionInterval == 0 else { return }
        for detection in try detector.detect(frame, turns: QuarterTurn.sideways, includesFar: includesFar) {
            try add(detection, in: frame, leastScore: Self.leastSureScore, &seen)
        }
        guard searchesTiles else { return }
        for turns in includesFar ? [[.none], QuarterTurn.sideways] : [[.none]] {
            for detection in try detector.detectInTiles(frame, turns: turns) {
                try add(detection, in: frame, leastScore: Self.leastSureScore, &seen)
            }
        }
    }

    /// Begins to follow a detected face, unless it is followed already.
    private func add(
        _ found: FaceDetection, in frame: VideoFrame, leastScore: Float,
        _ seen: inout [(face: Face, observation: FaceObservation)]
    ) throws {
        guard seen.count < Self.maximumFaces, !isFollowed(found, seen) else { return }
        let detection = try detector.settled(found, in: frame)
        guard detection.score >= leastScore, !isFollowed(detection, seen) else { return }
        var face = Face(
            identity: state.nextIdentity, region: FaceRegion(detection), box: detection.box,
            lastSeen: state.frameNumber)
        guard var observation = try read(face, in: frame) else { return }
        // The detector's square is coarse; a second reading steered by the first one settles the mesh.
        for reading in 2...Self.mostReadings {
            let region = FaceRegion(around: observation.landmarks)
            let isSettled = FaceRegion.turn(from: region.angleRadians, to: face.region.angleRadians) < Self.settledAngle
            if reading > 2, isSettled { break }
            face.region = region
            observation = try read(face, in: frame) ?? observation
        }
        let angle = FaceRegion(around: observation.landmarks).angleRadians
        guard FaceRegion.turn(from: angle, to: detection.angleRadians) <= Self.sameAngle else { return }
        let identity = takeIdentity(for: observation.box)
        face.identity = identity
        observation.identity = identity
        follow(face, observation, &seen)
    }

    private func isFollowed(
        _ detection: FaceDetection, _ seen: [(face: Face, observation: FaceObservation)]
    ) -> Bool {
        seen.contains {
            $0.face.box.overlap(detection.box) > Self.sameFaceOverlap || $0.face.box.contains(detection.box.center)
        }
    }

    /// The identity of the nearest lost face if its `distance` is below 1, otherwise a new identity.
    private func takeIdentity(for box: FaceBox) -> Int {
        let match = state.lost.indices.min { distance(state.lost[$0].box, box) < distance(state.lost[$1].box, box) }
        if let match, distance(state.lost[match].box, box) < 1 {
            return state.lost.remove(at: match).identity
        }
        state.nextIdentity += 1
        return state.nextIdentity - 1
    }

    /// Distance of the centres in widths of the larger box, plus twice the relative change of width. Unmeasured
    /// weights.
    private func distance(_ a: FaceBox, _ b: FaceBox) -> Float {
        let offset = a.center - b.center
        let size = max(a.width, b.width)
        return (offset * offset).sum().squareRoot() / size + 2 * abs(a.width - b.width) / size
    }
}
