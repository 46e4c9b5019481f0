/// A step of a job that is divided among processes or machines.
///
/// A job begins with `survey`; every outcome names the steps that come when all that stand beside it are done, so that a
/// driver needs no knowledge of them:
///
/// ```swift
/// var steps = [SplitStep.survey]
/// while !steps.isEmpty { steps = try performAll(steps).flatMap(\.next).unique }
/// ```
///
///     survey → spans and hearing → planning → sections and sound → joining
public enum SplitStep: Codable, Hashable, Sendable {
    /// Measures the sounds, and divides what is looked at of the clip into spans.
    case survey
    /// Hears what is said in the sounds.
    case hearing(spanCount: Int)
    /// The first pass over one span of the clip.
    case span(SpanStep)
    /// Puts the spans together, plans every frame, and divides the output into sections.
    case planning(spanCount: Int)
    /// The second pass over one section of the output: draws and encodes it.
    case section(number: Int, count: Int)
    /// Encodes the output's sound.
    case sound(sectionCount: Int)
    /// Joins what was encoded, and writes the output.
    case joining(sectionCount: Int)
}

/// The first pass over one of the spans.
public struct SpanStep: Codable, Hashable, Sendable {
    /// Its number, from 0.
    public var number: Int
    /// Spans of the clip. With one it is everything that is looked at, whatever the survey has divided.
    public var count: Int
    /// Whether it goes on from where the span before has ended, which must be done then. Otherwise faces are followed from a
    /// little before the span on, and `planning` sees whether that was enough.
    public var continues = false
    /// Whether faces are looked for in tiles, for a clip in which none was found otherwise.
    public var searchesTiles = false

    public init(number: Int, count: Int, continues: Bool = false, searchesTiles: Bool = false) {
        self.number = number
        self.count = count
        self.continues = continues
        self.searchesTiles = searchesTiles
    }
}

/// One step, with all that it needs beside the files of the steps before.
public struct SplitTask: Codable, Sendable {
    /// The whole job. Its output is written by `joining`.
    public var plan: RenderPlan
    public var step: SplitStep
    /// How the job is divided; the same in all its steps.
    public var rule: SplitRule
    /// Where the files of the steps before lie (`SplitStep.inputs`).
    public var inputFolder: String
    /// Where this one writes its files.
    public var outputFolder: String

    public init(
        plan: RenderPlan, step: SplitStep, rule: SplitRule = SplitRule(), inputFolder: String, outputFolder: String
    ) {
        self.plan = plan
        self.step = step
        self.rule = rule
        self.inputFolder = inputFolder
        self.outputFolder = outputFolder
    }

    /// The form of the files of all steps. Programs of another form do not understand them.
    public static var fileVersion: Int { StepFile.version }

    func input(_ name: String) -> String { inputFolder + "/" + name }
    func output(_ name: String) -> String { outputFolder + "/" + name }
}

/// What a step gave.
public struct StepOutcome: Codable, Hashable, Sendable {
    /// Steps to be done when all that stand beside this one are done; each of those names the same ones.
    public var next: [SplitStep]
    /// The names of the files that were written into the task's folder.
    public var files: [String]

    public init(next: [SplitStep], files: [String]) {
        self.next = next
        self.files = files
    }
}

extension SplitStep {
    /// The names of the files of earlier steps that a step reads.
    public var inputs: [String] {
        switch self {
        case .survey: []
        case .hearing: [StepNames.survey]
        case .span(let step):
            [StepNames.survey] + (step.continues ? [StepNames.span(step.number - 1, of: step.count)] : [])
        case .planning(let count):
            [StepNames.survey, StepNames.hearing] + (0..<count).map { StepNames.span($0, of: count) }
        case .section(let number, _): [StepNames.script(number)]
        case .sound: [StepNames.hearing, StepNames.joint]
        case .joining(let count):
            [StepNames.joint, StepNames.sound, StepNames.soundRecord]
                + (0..<count).flatMap { [StepNames.section($0), StepNames.sectionRecord($0)] }
        }
    }

    /// The share of the whole work at which the steps of this kind begin and end, about.
    public var shares: (stage: RenderProgress.Stage, from: Double, to: Double) {
        switch self {
        case .survey: (.analysing, 0, 0.02)
        case .hearing, .span: (.analysing, 0.02, 0.25)
        case .planning: (.analysing, 0.25, 0.27)
        case .section, .sound: (.rendering, 0.27, 0.98)
        case .joining: (.rendering, 0.98, 1)
        }
    }

    /// The steps that come when all of a stage are done: those that any of them names, each once, in the order of the naming.
    public static func following(_ named: some Sequence<[SplitStep]>) -> [SplitStep] {
        var known: Set<SplitStep> = []
        return named.flatMap { $0 }.filter { known.insert($0).inserted }
    }

    /// More stages than this are an error: every span is read twice at most, or three times with a closer look.
    ///
    /// - Parameter count: Steps of the stage behind the survey.
    public static func stageLimit(stepsBehindSurvey count: Int) -> Int { 16 + 2 * count }

    /// Whether the clip is read.
    public var readsClip: Bool {
        switch self {
        case .joining: false
        case .survey, .hearing, .span, .planning, .section, .sound: true
        }
    }

    /// Whether the sounds of the plan's parts are read.
    public var readsSounds: Bool {
        switch self {
        case .survey, .hearing, .sound: true
        case .span, .planning, .section, .joining: false
        }
    }
}

/// What the files of the steps are called.
enum StepNames {
    static let survey = "survey.step"
    static let hearing = "hearing.step"
    static let joint = "joint.step"
    static let sound = "sound.mp4"
    static let soundRecord = "sound.step"
    /// The sound of the part alone.
    static let segmentSound = "segment-sound.mp4"

    static func span(_ number: Int, of count: Int) -> String { "span-\(number)-of-\(count).step" }
    static func script(_ number: Int) -> String { "script-\(number).step" }
    static func section(_ number: Int) -> String { "section-\(number).mp4" }
    static func sectionRecord(_ number: Int) -> String { "section-\(number).step" }
}
