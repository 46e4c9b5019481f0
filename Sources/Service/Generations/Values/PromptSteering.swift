/// What a description of a scene can change in an animation, by a fixed list of words; all other words change nothing.
///
/// Of each kind the first mention counts. A word behind a denial (`not happy`, `without smiling`) does not count.
public struct PromptSteering: Hashable, Sendable {
    /// How the camera moves.
    public enum Camera: String, Sendable, CaseIterable {
        /// Not at all.
        case still
        /// Nearer.
        case pushIn = "push_in"
        /// Away.
        case pullOut = "pull_out"
        /// To the left.
        case panLeft = "pan_left"
        /// To the right.
        case panRight = "pan_right"
    }

    /// What the figure feels.
    public private(set) var emotion: Emotion?
    /// How much the figure moves, as a share of what is natural.
    public private(set) var liveliness: Double?
    /// What the camera does.
    public private(set) var camera: Camera?
    /// The words that have an effect, as they were found.
    public private(set) var words: [String] = []

    /// Reads a description.
    public init(_ prompt: String) {
        // Nobody steers by a novel, and looking for phrases takes its time.
        let tokens = Self.tokens(of: prompt.prefix(scalars: 10_000)[...])
        let known = Set(tokens)
        func first<Value>(_ table: [(Value, [String])]) -> (value: Value, phrase: String)? {
            var best: (place: Int, value: Value, phrase: String)?
            for (value, phrases) in table {
                for phrase in phrases {
                    guard known.contains(phrase.prefix { $0 != " " }), let place = Self.place(of: phrase, in: tokens),
                        place < best?.place ?? .max
                    else { continue }
                    best = (place, value, phrase)
                }
            }
            return best.map { ($0.value, $0.phrase) }
        }
        if let found = first(Self.emotions) {
            emotion = found.value
            // What nobody asked for otherwise is no effect.
            if found.value != .neutral { words.append(found.phrase) }
        }
        if let found = first(Self.amounts) {
            liveliness = found.value
            words.append(found.phrase)
        }
        if let found = first(Self.cameras) {
            camera = found.value
            if found.value != .still { words.append(found.phrase) }
        }
    }

    /// The words for feelings.
    public static let emotions: [(Emotion, [String])] = [
        (
            .happy,
            [
                "happy", "happily", "smile", "smiles", "smiling", "joyful", "cheerful", "cheerfully", "laughing",
                "grin",
                "grinning", "delighted", "friendly",
            ]
        ),
        (.sad, ["sad", "sadly", "unhappy", "sorrowful", "crying", "tearful", "melancholic", "grieving"]),
        (.angry, ["angry", "angrily", "furious", "furiously", "annoyed", "scowling", "shouting"]),
        (.disgusted, ["disgusted", "disgust", "repulsed"]),
        (.surprised, ["surprised", "astonished", "amazed", "shocked", "startled"]),
        (.neutral, ["neutral", "expressionless", "deadpan"]),
    ]

    /// The words for how much the figure moves.
    public static let amounts: [(Double, [String])] = [
        (0.4, ["calm", "calmly", "quietly", "gently", "relaxed", "subtle", "motionless"]),
        (
            1.7,
            [
                "lively", "energetic", "energetically", "excited", "excitedly", "animated", "expressive",
                "enthusiastic", "enthusiastically",
            ]
        ),
    ]

    /// The words for the camera.
    public static let cameras: [(Camera, [String])] = [
        (.still, ["static camera", "still camera", "fixed camera", "camera is still", "locked camera", "static shot"]),
        (
            .pushIn,
            ["push in", "pushes in", "pushing in", "zoom in", "zooms in", "zooming in", "dolly in", "slow zoom"]
        ),
        (
            .pullOut,
            [
                "pull out", "pulls out", "pulling out", "zoom out", "zooms out", "zooming out", "dolly out",
                "pull back", "pulls back",
            ]
        ),
        (.panLeft, ["pan left", "pans left", "panning left", "pan to the left", "pans to the left"]),
        (.panRight, ["pan right", "pans right", "panning right", "pan to the right", "pans to the right"]),
    ]

    private static let denials: Set<String> = ["not", "no", "never", "without", "isnt", "dont", "doesnt", "neither"]

    private static func tokens(of text: Substring) -> [Substring] {
        var letters = text.lowercased()[...]
        letters.removeAll { $0 == "'" || $0 == "\u{2019}" }
        return letters.split { !$0.isLetter }
    }

    /// The first place of a phrase that is not denied.
    private static func place(of phrase: String, in tokens: [Substring]) -> Int? {
        let wanted = phrase.split(separator: " ")
        guard tokens.count >= wanted.count else { return nil }
        return (0...tokens.count - wanted.count).first { start in
            guard tokens[start..<start + wanted.count].elementsEqual(wanted) else { return false }
            return !tokens[max(0, start - 2)..<start].contains { denials.contains(String($0)) }
        }
    }
}
