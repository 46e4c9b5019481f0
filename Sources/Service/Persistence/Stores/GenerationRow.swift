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
                generation.failure = FailureFacts(code: ErrorCode(rawValue: code), message: row.text(15))
            }
            return generation
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(code: .damaged, detail: "generation \(row.text(0)): \(error)")
        }
    }
}

/// The statements that list generations.
package enum GenerationQuery {
    package struct Clause {
        package var text: String
        package var values: [SQLValue]

        mutating func add(_ condition: String, _ values: SQLValue...) {
            text += " AND \(condition)"
            self.values += values
        }
    }

    /// The filter as conditions.
    static func clause(_ filter: GenerationFilter, includesStatuses: Bool = true, includesSources: Bool = true)
        -> Clause
    {
        var clause = Clause(text: "organisation = ?", values: [.id(filter.organisation)])
        if !filter.ids.isEmpty {
            clause.add("id IN (SELECT value FROM json_each(?))", jsonList(filter.ids.map(\.rawValue).sorted()))
        }
        if includesStatuses, !filter.statuses.isEmpty {
            clause.add(
                "status IN (SELECT value FROM json_each(?))", jsonList(filter.statuses.map(\.rawValue).sorted()))
        }
        if includesSources, !filter.sources.isEmpty {
            clause.add("source IN (SELECT value FROM json_each(?))", jsonList(filter.sources.sorted()))
        }
        if !filter.excludedSources.isEmpty {
            clause.add(
                "source NOT IN (SELECT value FROM json_each(?))", jsonList(filter.excludedSources.sorted()))
        }
        if !filter.kinds.isEmpty {
            clause.add("kind IN (SELECT value FROM json_each(?))", jsonList(filter.kinds.map(\.rawValue).sorted()))
        }
        if let project = filter.project { clause.add("project = ?", .id(project)) }
        if let batch = filter.batch { clause.add("batch = ?", .id(batch)) }
        if let moment = filter.createdAtOrAfter { clause.add("created_ms >= ?", .time(moment)) }
        if let moment = filter.createdBefore { clause.add("created_ms < ?", .time(moment)) }
        for (name, values) in filter.labels.sorted(by: { $0.key < $1.key }) {
            let label = value(ofLabel: name)
            if values.count == 1, let only = values.first {
                // With one value the index has the list's order, too.
                clause.text += " AND \(label.expression) = ?"
                clause.values += label.path + [.text(only)]
            } else {
                clause.text += " AND \(label.expression) IN (SELECT value FROM json_each(?))"
                clause.values += label.path + [jsonList(values.sorted())]
            }
        }
        if let part = filter.labelPart {
            let label = value(ofLabel: part.name)
            clause.text += " AND \(label.expression) LIKE ? ESCAPE '!'"
            clause.values += label.path + [.text(containsPattern(part.part))]
        }
        if let asset = filter.outputAsset { clause.add("output_asset = ?", .id(asset)) }
        if let asset = filter.inputAsset {
            clause.add("id IN (SELECT generation FROM generation_inputs WHERE asset = ?)", .id(asset))
        }
        return clause
    }

    /// The label that has a column of its own, and with it an index.
    static let indexedLabel = "thread"

    private static func value(ofLabel name: String) -> (expression: String, path: [SQLValue]) {
        name == indexedLabel
            // A request that is damaged has no labels; reading it as JSON would end the whole statement.
            ? (indexedLabel, [])
            : ("iif(json_valid(request), json_extract(request, ?), NULL)", [.text("$.labels.\"\(name)\"")])
    }

    /// A page, newest first.
    ///
    /// A list of statuses or sources is answered by one walk along an index for each, merged: one walk over all would
    /// have to pass every generation that does not match.
    package static func page(_ filter: GenerationFilter, after position: (Int64, String)?, limit: Int?) -> Clause {
        let isByKey =
            !filter.ids.isEmpty || filter.project != nil || filter.batch != nil || filter.outputAsset != nil
            || filter.labels[indexedLabel] != nil
        let most = limit.map { $0 + filter.skippedCount }
        var walks: [Clause] = []
        if !isByKey, limit != nil, !filter.statuses.isEmpty {
            for status in filter.statuses.map(\.rawValue).sorted() {
                var walk = clause(filter, includesStatuses: false)
                walk.add("status = ?", .text(status))
                walks.append(walk)
            }
        } else if !isByKey, limit != nil, !filter.sources.isEmpty {
            for source in filter.sources.sorted() {
                var walk = clause(filter, includesSources: false)
                walk.add("source = ?", .text(source))
                walks.append(walk)
            }
        } else {
            walks = [clause(filter)]
        }
        let order = "ORDER BY created_ms DESC, id DESC"
        var result = Clause(text: "", values: [])
        for (index, walk) in walks.enumerated() {
            var walk = walk
            if let position { walk.add("(created_ms, id) < (?, ?)", .integer(position.0), .text(position.1)) }
            if index > 0 { result.text += " UNION ALL " }
            result.text += "SELECT * FROM (SELECT \(GenerationRow.columns) FROM generations WHERE \(walk.text) \(order)"
            result.values += walk.values
            if let most {
                result.text += " LIMIT ?"
                result.values.append(.integer(Int64(most)))
            }
            result.text += ")"
        }
        guard walks.count > 1 || filter.skippedCount > 0 else { return result }
        result.text += " \(order) LIMIT ? OFFSET ?"
        result.values += [.integer(Int64(limit ?? -1)), .integer(Int64(filter.skippedCount))]
        return result
    }
}
