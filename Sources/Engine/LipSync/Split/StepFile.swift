import Foundation

/// What a step of a divided job leaves for later steps, on whichever machine they run.
protocol StepRecord: Codable, Sendable {
    /// What the record is, in its file.
    static var kind: String { get }
}

/// The file of a record: what it is, the form of this program, the job it belongs to, and the record itself.
enum StepFile {
    /// The form of all records. Their numbers are as they lie in memory, so that a program with other types counts as another
    /// form: to be raised whenever one of the types in a record changes.
    static let version = 4

    private struct Envelope<Body: StepRecord>: Codable {
        var kind = Body.kind
        var version = StepFile.version
        var job: String
        var body: Body

        init(job: String, body: Body) {
            self.job = job
            self.body = body
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            kind = try members.decode(String.self, forKey: .kind)
            version = try members.decode(Int.self, forKey: .version)
            job = try members.decode(String.self, forKey: .job)
            // What has another form is not looked into.
            guard kind == Body.kind, version == StepFile.version else {
                throw DecodingError.dataCorruptedError(
                    forKey: .version, in: members, debugDescription: "\(kind) of version \(version)")
            }
            body = try members.decode(Body.self, forKey: .body)
        }
    }

    /// Writes a record.
    ///
    /// - Parameter job: The mark of the job (`SplitJob.mark`).
    /// - Throws: `RenderFailure` of code `outputUnwritable`.
    static func write<Record: StepRecord>(_ record: Record, job: String, to path: String) throws {
        do {
            let encoder = PropertyListEncoder()
            encoder.outputFormat = .binary
            try encoder.encode(Envelope(job: job, body: record)).write(to: URL(fileURLWithPath: path))
        } catch {
            throw RenderFailure(
                .outputUnwritable, message: "A step of the job could not be written.",
                suggestion: "Free some space and try again.", detail: "\(error)")
        }
    }

    /// Reads a record.
    ///
    /// - Parameter job: The mark of the job that it must belong to; `nil` for any, which is then known.
    /// - Throws: `RenderFailure` of code `stepUnusable` for a file that is missing, damaged, of another form, kind or job.
    static func read<Record: StepRecord>(
        _ type: Record.Type, from path: String, job: String?
    ) throws -> (record: Record, job: String) {
        let envelope: Envelope<Record>
        do {
            envelope = try PropertyListDecoder().decode(
                Envelope<Record>.self, from: Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
        } catch {
            throw unusable("\(path): \(error)")
        }
        if let job, envelope.job != job { throw unusable("\(path): of another job") }
        return (envelope.body, envelope.job)
    }

    /// What is said of a record or a section that no step can go on with.
    static func unusable(_ detail: String) -> RenderFailure {
        RenderFailure(
            .stepUnusable, message: "A step of the job has left nothing that can be used.",
            suggestion: "Start the job again.", detail: detail)
    }
}
