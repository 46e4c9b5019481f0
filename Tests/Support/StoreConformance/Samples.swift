public import Generations
import Synchronization
import Text
public import Time

/// A clock that stands still until it is moved.
public final class ManualClock: WallClock {
    private let moment: Mutex<Timestamp>

    /// A clock that shows 2026-01-01.
    public init() { moment = Mutex(Timestamp(milliseconds: 1_767_225_600_000)) }

    /// What it shows.
    public var now: Timestamp { moment.withLock { $0 } }

    /// Moves it.
    public func advance(by duration: Duration) { moment.withLock { $0 = $0.advanced(by: duration) } }
}

/// Things to store.
public enum Samples {
    /// A moment to begin with.
    public static let start = Timestamp(milliseconds: 1_767_225_600_000)

    /// A request as real clients send it.
    public static func request(webhookURL: String? = nil) -> GenerationRequest {
        GenerationRequest(
            model: "lipsync-2",
            order: .lipSync(
                LipSyncOrder(
                    inputs: [
                        MediaInput(kind: .video, role: .visual, source: .url("https://media.example/video.mp4")),
                        MediaInput(kind: .audio, role: .voice, source: .url("https://media.example/audio.wav")),
                    ], options: GenerationOptions(syncMode: .loop, temperature: 0.4))), outputFileName: "take_1",
            webhookURL: webhookURL,
            echo: ["options": ["sync_mode": "loop", "temperature": 0.4]])
    }

    /// A generation that waits since `milliseconds` after `start`.
    public static func generation(
        _ organisation: OrganisationID, at milliseconds: Int64 = 0, source: String = "api", webhookURL: String? = nil
    ) -> Generation {
        Generation(
            organisation: organisation, source: source, request: request(webhookURL: webhookURL),
            createdAt: Timestamp(milliseconds: start.milliseconds + milliseconds))
    }

    /// The facts of an output.
    public static func output(_ id: GenerationID, fence: Int64) -> OutputFacts {
        OutputFacts(
            blob: .output(id, fence: fence, name: "video.mp4"), durationSeconds: 8.64, width: 1280, height: 720,
            byteCount: 123_456, frameCount: 216)
    }
}
