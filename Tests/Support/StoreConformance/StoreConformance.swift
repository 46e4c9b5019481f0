public import Generations

/// What every driver of the store must do, as cases that need nothing but a fresh, empty store.
public struct StoreConformance: Sendable, CustomStringConvertible {
    /// The case's name.
    public let description: String
    /// Runs it; throws where the store is wrong.
    public let run: @Sendable (any Store) async throws -> Void

    init(_ description: String, _ run: @escaping @Sendable (any Store) async throws -> Void) {
        self.description = description
        self.run = run
    }

    /// Every case.
    public static let cases: [StoreConformance] =
        creationCases + readingCases + labelCases + queueCases + turnCases + outboxCases + resourceCases + storageCases
        + sessionCases + machineCases + divisionCases + outputRecordCases + jobLogCases
        + accountCases
}

/// That a store did something else than it must.
public struct ConformanceFailure: Error, CustomStringConvertible {
    /// What was expected, and where.
    public let description: String
}

func expect(_ condition: Bool, _ message: @autoclosure () -> String, line: Int = #line) throws {
    guard condition else { throw ConformanceFailure(description: "line \(line): \(message())") }
}

func expectEqual<Value: Equatable>(_ value: Value, _ expected: Value, line: Int = #line) throws {
    try expect(value == expected, "\(value) is not \(expected)", line: line)
}

func expectCode(
    _ code: FailureCode, line: Int = #line, _ body: () async throws -> some Any
) async throws {
    do {
        let value = try await body()
        throw ConformanceFailure(description: "line \(line): \(value) instead of \(code)")
    } catch let error as GenerationError {
        try expectEqual(error.code, code, line: line)
    }
}

/// A new organisation in the store.
func makeOrganisation(_ store: any Store) async throws -> OrganisationID {
    let organisation = Organisation(name: "Example", createdAt: Samples.start)
    try await store.createOrganisation(organisation)
    return organisation.id
}
