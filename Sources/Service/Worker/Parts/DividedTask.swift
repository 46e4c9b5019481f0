import Generations
import LipSync

/// A divided job as it is kept: names in place of paths, and what they stand for. It is all that a machine needs which has
/// never heard of the job.
struct DividedTask: Codable, Sendable {
    /// A sound that was spoken for the job, which belongs to its results.
    struct Speech: Codable, Sendable {
        /// The name of its file among the inputs.
        var input: String
        var summary: MediaSummary
    }

    /// What is to be made. The paths of inputs are names.
    var plan: RenderPlan
    /// The inputs' files in the blob store, by their names.
    var inputs: [String: String]
    /// How it is divided.
    var rule: SplitRule
    /// A length that the output does not exceed, in seconds; it bounds the time of each step.
    var mediaSeconds: Double
    var speech: Speech?

    /// The task of a step in a folder of this machine, where inputs and files of other steps lie under their names, and
    /// `output` is where files are written.
    func splitTask(_ step: SplitStep, in folder: String) -> SplitTask {
        SplitTask(
            plan: plan.moved(inputs: { "\(folder)/\($0)" }, outputFolder: "\(folder)/output"), step: step, rule: rule,
            inputFolder: folder, outputFolder: "\(folder)/output")
    }

    /// The names of the inputs that a step reads.
    func inputs(of step: SplitStep) -> Set<String> {
        var names: Set<String> = []
        if step.readsClip { names.insert(plan.videoPath) }
        if step.readsSounds { names.formUnion(plan.parts.map(\.audioPath)) }
        return names
    }
}

/// What a part that is done has left.
struct PartResult: Codable, Sendable {
    /// Steps of the next stage.
    var next: [SplitStep]
    /// Its files in the blob store, by the names under which other steps look for them.
    var files: [String: String]
}

extension JobPart {
    /// What is to be done.
    ///
    /// - Throws: `DecodingError` for what another program wrote.
    func decodedStep() throws -> SplitStep {
        let step = try KeptText.decode(SplitStep.self, from: step)
        guard step.isSensible else { throw ChildFailure.senseless }
        return step
    }

    /// What it has left; `nil` where it is not done.
    func decodedResult() throws -> PartResult? {
        guard case .done(let text) = lifecycle.standing else { return nil }
        return try KeptText.decode(PartResult.self, from: text)
    }
}

extension [JobPart] {
    /// The files that the parts have left, by their names. Of a step that was done again, those of the later time.
    func files() throws -> [String: BlobKey] {
        var files: [String: BlobKey] = [:]
        for part in self {
            for (name, key) in try part.decodedResult()?.files ?? [:] { files[name] = BlobKey(rawValue: key) }
        }
        return files
    }

    /// Those of the newest stage.
    var present: ArraySlice<JobPart> { last.map { newest in drop { $0.stage < newest.stage } } ?? [] }
}
