package import Generations

/// The statements that list generations.
package enum GenerationQuery {
    /// Rows to be searched: tables, conditions and the values of their question marks.
    package struct Clause {
        package var tables = "generations"
        package var text: String
        package var values: [SQLValue]

        mutating func add(_ condition: String, _ values: SQLValue...) {
            text += " AND \(condition)"
            self.values += values
        }
    }

    /// The longest value of a label that is indexed, in bytes of UTF-8. Longer ones, such as a prompt, are compared in the
    /// request's JSON.
    static let indexedLabelByteLimit = 200

    /// The label by whose index a filter's generations are found, with its values; `nil` where none has short values alone.
    private static func drivingLabel(of filter: GenerationFilter) -> (name: String, values: [String])? {
        filter.labels.filter { !$0.value.isEmpty && $0.value.allSatisfy(isIndexed) }
            .min { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
            .map { ($0.key, $0.value.sorted()) }
    }

    static func isIndexed(_ value: String) -> Bool { value.utf8.count <= indexedLabelByteLimit }

    /// The rows that a filter means, to be counted.
    static func counted(_ filter: GenerationFilter, _ dialect: SQLDialect) -> Clause {
        let label = drivingLabel(of: filter)
        var clause = clause(filter, found: label?.name, dialect)
        if let label { join(label.name, label.values, to: &clause, organisation: filter.organisation, dialect) }
        return clause
    }

    /// The filter as conditions.
    ///
    /// - Parameter found: The label by which the rows are found, so that it is no condition.
    private static func clause(
        _ filter: GenerationFilter, found: String? = nil, includesStatuses: Bool = true, includesSources: Bool = true,
        _ dialect: SQLDialect
    ) -> Clause {
        var clause = Clause(text: "organisation = ?", values: [.id(filter.organisation)])
        if !filter.ids.isEmpty {
            clause.add("id IN \(dialect.list)", jsonList(filter.ids.map(\.rawValue).sorted()))
        }
        if includesStatuses, !filter.statuses.isEmpty {
            clause.add(
                "status IN \(dialect.list)", jsonList(filter.statuses.map(\.rawValue).sorted()))
        }
        if includesSources, !filter.sources.isEmpty {
            clause.add("source IN \(dialect.list)", jsonList(filter.sources.sorted()))
        }
        if !filter.excludedSources.isEmpty {
            clause.add(
                "source NOT IN \(dialect.list)", jsonList(filter.excludedSources.sorted()))
        }
        if !filter.kinds.isEmpty {
            clause.add("kind IN \(dialect.list)", jsonList(filter.kinds.map(\.rawValue).sorted()))
        }
        if let project = filter.project { clause.add("project = ?", .id(project)) }
        if let batch = filter.batch { clause.add("batch = ?", .id(batch)) }
        if let moment = filter.createdAtOrAfter { clause.add("created_ms >= ?", .time(moment)) }
        if let moment = filter.createdBefore { clause.add("created_ms < ?", .time(moment)) }
        for (name, values) in filter.labels.sorted(by: { $0.key < $1.key }) where name != found {
            add(label: name, values.sorted(), to: &clause, dialect)
        }
        if let part = filter.labelPart {
            clause.add(
                "\(dialect.requestLabel) \(dialect.like) ? ESCAPE '!'", .text(part.name),
                .text(containsPattern(part.part)))
        }
        if let search = filter.search {
            let pattern = SQLValue.text(containsPattern(search))
            clause.add(
                """
                (\(dialect.requestMember("title")) \(dialect.like) ? ESCAPE '!'
                    OR \(dialect.requestMember("outputFileName")) \(dialect.like) ? ESCAPE '!')
                """, pattern, pattern)
        }
        if let asset = filter.outputAsset { clause.add("output_asset = ?", .id(asset)) }
        if let asset = filter.inputAsset {
            clause.add("id IN (SELECT generation FROM generation_inputs WHERE asset = ?)", .id(asset))
        }
        return clause
    }

    private static func add(label name: String, _ values: [String], to clause: inout Clause, _ dialect: SQLDialect) {
        if values.allSatisfy(isIndexed) {
            clause.add(
                """
                EXISTS (SELECT 1 FROM generation_labels AS other WHERE other.generation = generations.id
                    AND other.name = ? AND other.value IN \(dialect.list))
                """, .text(name), jsonList(values))
        } else {
            clause.add("\(dialect.requestLabel) IN \(dialect.list)", .text(name), jsonList(values))
        }
    }

    /// Finds the rows by a label's values instead of by their organisation's list.
    private static func join(
        _ name: String, _ values: [String], to clause: inout Clause, organisation: OrganisationID,
        _ dialect: SQLDialect
    ) {
        // A join that cannot be turned round keeps the order of the tables, and with it that of the index.
        clause.tables =
            "generation_labels AS label \(dialect.orderedJoin) generations ON generations.id = label.generation"
        let (isOne, list) = (values.count == 1, values.count == 1 ? .text(values[0]) : jsonList(values))
        clause.add(
            "label.owner = ? AND label.name = ? AND label.value \(isOne ? "= ?" : "IN \(dialect.list)")",
            .id(organisation), .text(name), list)
    }

    /// A page, newest first.
    ///
    /// A list of statuses, sources or values of a label is answered by one walk along an index for each, merged: one walk
    /// over all would have to pass every generation that does not match.
    ///
    /// - Parameter columns: What is read of each, `created_ms` and `id` among them; nil for what a whole generation needs.
    package static func page(
        _ filter: GenerationFilter, after position: (Int64, String)?, limit: Int?,
        columns: String? = nil, _ dialect: SQLDialect
    ) -> Clause {
        let walks = walks(of: filter, isLimited: limit != nil, dialect)
        let most = limit.map { $0 + filter.skippedCount }
        var result = Clause(text: "", values: [])
        for (index, walk) in walks.enumerated() {
            var walk = walk
            let key = walk.tables == "generations" ? ("created_ms", "id") : ("label.accepted_ms", "label.generation")
            if let position { walk.add("(\(key.0), \(key.1)) < (?, ?)", .integer(position.0), .text(position.1)) }
            if index > 0 { result.text += " UNION ALL " }
            result.text += """
                SELECT * FROM (SELECT \(columns ?? GenerationRow.columns) FROM \(walk.tables) WHERE \(walk.text)
                ORDER BY \(key.0) DESC, \(key.1) DESC
                """
            result.values += walk.values
            if let most {
                result.text += " LIMIT ?"
                result.values.append(.integer(Int64(most)))
            }
            result.text += ") AS walk\(index)"
        }
        guard walks.count > 1 || filter.skippedCount > 0 else { return result }
        result.text += " ORDER BY created_ms DESC, id DESC LIMIT ? OFFSET ?"
        result.values += [.integer(Int64(limit ?? .max)), .integer(Int64(filter.skippedCount))]
        return result
    }

    private static func walks(of filter: GenerationFilter, isLimited: Bool, _ dialect: SQLDialect) -> [Clause] {
        let isByKey =
            !filter.ids.isEmpty || filter.project != nil || filter.batch != nil || filter.outputAsset != nil
        if !isByKey, let label = drivingLabel(of: filter) {
            return label.values.map { value in
                var walk = clause(filter, found: label.name, dialect)
                join(label.name, [value], to: &walk, organisation: filter.organisation, dialect)
                return walk
            }
        }
        if !isByKey, isLimited, !filter.statuses.isEmpty {
            return filter.statuses.map(\.rawValue).sorted().map { status in
                var walk = clause(filter, includesStatuses: false, dialect)
                walk.add("status = ?", .text(status))
                return walk
            }
        }
        if !isByKey, isLimited, !filter.sources.isEmpty {
            return filter.sources.sorted().map { source in
                var walk = clause(filter, includesSources: false, dialect)
                walk.add("source = ?", .text(source))
                return walk
            }
        }
        return [clause(filter, dialect)]
    }
}
