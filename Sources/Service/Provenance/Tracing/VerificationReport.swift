public import ChildProtocol
public import Generations
import LipSync
public import Text
import Time
import Watermark

/// What can be said of where a file comes from, and how sure that is.
public struct VerificationReport: Sendable {
    /// What an installation's registry knows of a file.
    public struct Match: Hashable, Sendable {
        /// By what it was found, the surest first.
        public enum Kind: String, Sendable {
            /// It is this very file.
            case exact
            /// Its watermark.
            case watermark
            /// It looks alike, which the clip does, too, that a video was made of: it proves nothing.
            case similar
        }

        public var kind: Kind
        public var record: OutputRecord
        /// How alike both look, 0 … 1; `nil` where that is not known.
        public var likeness: Double?
    }

    public var trace: MediaTrace
    /// SHA-256, in hexadecimal digits.
    public var digest: String
    /// `nil` where no registry was asked, or it knows nothing.
    public var match: Match?
    /// Whether a registry was asked.
    public var hasAsked: Bool

    /// From this likeness on two videos count as the same. Of unlike ones, half of the bits are equal by chance.
    private static let leastLikeness = 0.9
    /// How many of the newest videos are compared.
    private static let comparedCount = 5000

    private let asker: OrganisationID?

    /// Asks a registry, if there is one.
    ///
    /// - Parameter organisation: Who asks: only the owner of a generation is told which it was, and of files that look alike;
    ///   `nil` for the operator, who is told of all.
    public init(
        _ trace: MediaTrace, digest: String, registry: (any OutputRegistry)?, organisation: OrganisationID? = nil
    ) async throws {
        self.trace = trace
        self.digest = digest
        hasAsked = registry != nil
        asker = organisation
        guard let registry else { return }
        let equal = try await registry.outputRecords(digest: digest)
        if let record = equal.first(where: { $0.organisation == organisation }) ?? equal.first {
            match = Match(kind: .exact, record: record, likeness: 1)
            return
        }
        let looks = VideoFingerprint(numbers: trace.fingerprint)
        func likest(_ records: [OutputRecord]) -> (record: OutputRecord, likeness: Double)? {
            records.map { ($0, looks.likeness(to: VideoFingerprint(numbers: $0.fingerprint))) }.max { $0.1 < $1.1 }
        }
        if let number = trace.watermark?.score.identifier,
            let (record, likeness) = likest(try await registry.outputRecords(watermark: number))
        {
            match = Match(kind: .watermark, record: record, likeness: likeness)
            return
        }
        guard !trace.fingerprint.isEmpty else { return }
        let told = try await registry.newestFingerprints(limit: Self.comparedCount).filter {
            organisation == nil || $0.organisation == organisation
        }
        if let (record, likeness) = likest(told), likeness >= Self.leastLikeness {
            match = Match(kind: .similar, record: record, likeness: likeness)
        }
    }

    /// What comes of everything together.
    public enum Outcome: String, Sendable {
        /// The file is as it was signed.
        case credentialsValid
        /// It was changed after it was signed, or its manifest is damaged.
        case credentialsAltered
        /// It is known by its watermark or to the registry.
        case recognised
        /// Nothing says where it comes from, which proves nothing.
        case nothingFound
    }

    public var outcome: Outcome {
        if let credentials = trace.credentials { return credentials.isValid ? .credentialsValid : .credentialsAltered }
        if trace.credentialsProblem != nil { return .credentialsAltered }
        if let match, match.kind != .similar { return .recognised }
        return trace.watermark?.score.isMarked == true ? .recognised : .nothingFound
    }
}

extension VerificationReport {
    /// The report for a program.
    public var json: JSONValue {
        [
            "outcome": .string(outcome.rawValue), "digest": .string(digest), "credentials": credentialsJSON,
            "watermark": watermarkJSON, "registry": registryJSON,
            "summary": .array(sentences.map { .string($0) }),
        ]
    }

    private var credentialsJSON: JSONValue {
        guard let credentials = trace.credentials else {
            return .compact([
                "state": trace.credentialsProblem != nil
                    ? "unreadable" : trace.fileProblem != nil ? "unknown" : "absent",
                "detail": (trace.credentialsProblem ?? trace.fileProblem).map { .string($0) },
            ])
        }
        return .compact([
            "state": .string(credentials.isValid ? "valid" : "altered"),
            "isByKnownSigner": .bool(credentials.isByKnownSigner),
            "problems": .array(credentials.problems.map { .string($0) }),
            "signer": credentials.signer.map { .string($0) },
            "organisation": credentials.organisation.map { .string($0) },
            "signedAt": credentials.signedAt.map { .string($0) },
            "generator": credentials.generator.map { .string($0) }, "title": credentials.title.map { .string($0) },
            "digitalSources": .array(credentials.digitalSources.map { .string($0) }),
            "statement": .object(credentials.statement.mapValues { .string($0) }),
            "watermark": credentials.watermark.map { .string($0) },
            "sources": .array(
                credentials.sources.map { source in
                    [
                        "title": .string(source.title), "relationship": .string(source.relationship),
                        "hasCredentials": .bool(source.hasCredentials),
                        "problems": .array(source.problems.map { .string($0) }),
                    ]
                }),
        ])
    }

    private var watermarkJSON: JSONValue {
        guard let watermark = trace.watermark else { return ["state": "notLookedFor"] }
        let score = watermark.score
        return .compact([
            "state": .string(score.isMarked ? "found" : "notFound"),
            "number": score.identifier.map { .string(WatermarkNumber.text($0)) }, "score": .number(score.score),
            "chanceBound": .number(score.chanceBound), "isMirrored": .bool(watermark.isMirrored),
            "speed": .number(score.speed), "obstacle": watermark.obstacle.map { .string($0.rawValue) },
            "faceSeconds": .number(watermark.durationSeconds), "faceWidthPixels": .number(watermark.faceWidthPixels),
        ])
    }

    private var registryJSON: JSONValue {
        guard hasAsked else { return ["state": "notAsked"] }
        guard let match else { return ["state": "unknown"] }
        let isTold = asker == nil || match.record.organisation == asker
        return .compact([
            "state": .string(match.kind.rawValue), "createdAt": .string(match.record.createdAt.iso8601),
            "likeness": match.likeness.map { .number($0) },
            "generation": isTold ? .string(match.record.generation.rawValue) : nil,
        ])
    }

    /// The report for people, a sentence each.
    public var sentences: [String] { [credentialsSentence, watermarkSentence, registrySentence].compactMap { $0 } }

    private var credentialsSentence: String {
        guard let credentials = trace.credentials else {
            if trace.credentialsProblem != nil {
                return "It has Content Credentials that cannot be read: they are damaged."
            }
            return trace.fileProblem == nil
                ? "It has no Content Credentials. That proves nothing: most platforms remove them."
                : "Whether it has Content Credentials cannot be told: the file is cut off, or something was appended."
        }
        let signer = [credentials.signer, credentials.organisation].compactMap { $0.map(Self.line) }
            .joined(separator: ", ")
        guard credentials.isValid else {
            return "Its Content Credentials do not hold: the file was changed after it was signed by \(signer) "
                + "(\(Self.line(credentials.problems.joined(separator: ", "))))."
        }
        let trust =
            credentials.isByKnownSigner
            ? "a signer that is known here" : "a signer that is not known here, so the name is the signer's own word"
        let source =
            credentials.digitalSources.contains { $0.lowercased().contains("trainedalgorithmicmedia") }
            ? " They say that it was made, in whole or in part, by a machine." : ""
        return "Its Content Credentials are valid: it is as it was signed by \(signer), \(trust), with "
            + "\(credentials.generator.map(Self.line) ?? "an unnamed program").\(source)"
    }

    private var watermarkSentence: String? {
        guard let watermark = trace.watermark else { return nil }
        let score = watermark.score
        guard score.isMarked else {
            let reason: String
            switch watermark.obstacle {
            case .stillPicture: reason = "It does not move, and only moving faces are marked."
            case .noFace: reason = "No face is seen in it."
            case .tooShort: reason = "A face is seen for too short a time."
            case nil: reason = "That proves nothing: small faces and strong compression lose it."
            }
            return "No Lipsmith watermark was found. \(reason)"
        }
        let number = score.identifier.map { ", number \(WatermarkNumber.text($0))" } ?? ", its number cannot be read"
        return "A Lipsmith watermark was found\(number). By chance that happens in fewer than one of "
            + "\(Self.rounded(1 / max(score.chanceBound, 1e-18))) files. Its key is public, so it proves no origin by itself."
    }

    private var registrySentence: String? {
        guard hasAsked else { return nil }
        guard let match else { return "This installation does not remember making it." }
        let day = match.record.createdAt.iso8601.prefix(10)
        return switch match.kind {
        case .exact: "This installation made exactly this file on \(day)."
        case .watermark: "This installation made a file with this watermark on \(day)."
        case .similar:
            "It looks like a file that this installation made on \(day), or like the clip that it was made of, which proves nothing."
        }
    }

    /// A stranger's words as a part of one line: without what moves a cursor, turns text around or ends a line.
    private static func line(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
            default: true
            }
        }
        return String(String.UnicodeScalarView(kept.prefix(mostScalars)))
    }

    private static let mostScalars = 200

    private static func rounded(_ number: Double) -> String {
        var (power, rest) = (0, number)
        while rest >= 10 {
            rest /= 10
            power += 1
        }
        return "10^\(power)"
    }
}
