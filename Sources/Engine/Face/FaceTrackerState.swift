/// What a `FaceTracker` remembers of the frames before.
package struct FaceTrackerState: Codable, Equatable, Sendable {
    /// A face that is followed, or was until it was lost.
    struct Face: Codable, Equatable, Sendable {
        var identity: Int
        var region: FaceRegion
        var box: FaceBox
        var lastSeen: Int
    }

    var shots = ShotDetector()
    /// The number of the present shot; -1 before the first frame.
    package internal(set) var shot = -1
    /// The number of the last frame, counted from the first that was tracked.
    var frameNumber: Int
    /// Identities that were given to faces so far.
    package internal(set) var nextIdentity = 0
    var active: [Face] = []
    var lost: [Face] = []

    /// The state of a tracker that has seen nothing.
    ///
    /// - Parameter frameNumber: The number that the first frame gets: what is done every few frames hangs on it.
    package init(firstFrameNumber frameNumber: Int = 0) { self.frameNumber = frameNumber - 1 }

    /// Whether two trackers go on alike: they differ in the numbers of shots and identities at most.
    ///
    /// - Returns: For each identity of `other` that may be seen again the one that it has here; `nil` where they differ.
    package func identities(of other: FaceTrackerState) -> [Int: Int]? {
        guard frameNumber == other.frameNumber, shots == other.shots, active.count == other.active.count,
            lost.count == other.lost.count
        else { return nil }
        var identities: [Int: Int] = [:]
        for (here, there) in zip(active + lost, other.active + other.lost) {
            guard here.region == there.region, here.box == there.box, here.lastSeen == there.lastSeen,
                identities.updateValue(here.identity, forKey: there.identity) == nil
            else { return nil }
        }
        return identities
    }
}
