import Generations

/// A generation as a row of its table.
enum GenerationRow {
    static let columns = """
        id, organisation, project, batch, batch_request, output_asset, source, status, created_ms, started_ms,
        finished_ms, progress, request, output, failure_code, failure_message
        """

    /// The same for statements that join another table with columns of these names.
    static let qualifiedColumns = columns.split(separator: ",").map {
        "generations.\($0.filter { !$0.isWhitespace })"
    }.joined(separator: ", ")

    /// What tells how far a generation is, and its place in a list.
    static let standingColumns = "id, status, progress, created_ms"

    static func readStanding(_ row: Row) throws -> GenerationStanding {
        GenerationStanding(id: row.id(0), status: try row.word(1), progress: row.real(2))
    }

    /// How many columns there are; a statement may add others behind them.
    static let columnCount: Int32 = 16

    static func read(_ row: Row) throws -> Generation {
        do {
            var generation = Generation(
                id: row.id(0), organisation: row.id(1), project: row.optionalID(2), batch: row.optionalID(3),
                batchRequestName: row.optionalText(4), outputAsset: row.optionalID(5), source: row.text(6),
                request: try GenerationRequest(json: row.json(12)), createdAt: row.time(8))
            generation.status = try row.word(7)
            generation.startedAt = row.optionalTime(9)
            generation.finishedAt = row.optionalTime(10)
            generation.progress = row.real(11)
            if !row.isNull(13) { generation.output = try OutputFacts(json: row.json(13)) }
            if let code = row.optionalText(14) {
                generation.failure = FailureFacts(
                    code: FailureCode(rawValue: code) ?? .unknownFailure, message: row.text(15))
            }
            return generation
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(code: .damaged, detail: "generation \(row.text(0)): \(error)")
        }
    }
}
