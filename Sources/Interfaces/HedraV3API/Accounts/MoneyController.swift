import Generations
import HTTP
import Text
import Time
import WebInterface

/// What an organisation has and has spent, in dollars.
struct MoneyController: Sendable {
    private static let scope = "usage:read"
    /// What an organisation is shown to have where nobody counts.
    private static let unlimited = 1_000_000.0
    private static let usualTime = Duration.seconds(7 * 86_400)
    private static let longestTime = Duration.seconds(90 * 86_400)

    let store: any Store
    let settings: HedraV3Settings
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/balance", id: "getBalance", tag: "Account", summary: "What is left to spend.",
                answer: .json(.named("Balance")), scope: Self.scope
            ) { call in
                guard let credits = settings.credits else {
                    return .json(["balance": .number(Self.unlimited), "currency": "USD", "spent": .null])
                }
                let spent = try await store.spentCredits(call.organisation)
                return .json([
                    "balance": .number(Money.dollars(max(0, credits - spent))), "currency": "USD",
                    "spent": .number(Money.dollars(spent)),
                ])
            },
            Endpoint(
                .get, "/usage", id: "getUsage", tag: "Account", summary: "Jobs and what they cost.",
                parameters: [
                    .query("start", .time, "The first moment; seven days before the end."),
                    .query("end", .time, "The first that does not count; now."),
                    .query("group_by", .oneWord(of: UsageGrouping.self)),
                ], answer: .json(.named("Usage")), scope: Self.scope, handle: usage),
            Endpoint(
                .get, "/transactions", id: "listTransactions", tag: "Account",
                summary: "What jobs have cost, newest first.",
                parameters: [.query("limit", .integer(1...100)), .query("cursor", .string)],
                answer: .json(.named("TransactionList")), scope: Self.scope, handle: transactions),
        ]
    }

    private func usage(_ call: Call) async throws -> HTTPResponse {
        var reader = FieldReader(
            call.request.query.members(["start", "end", "group_by"]), rules: .hedraV3)
        let end = reader.time("end") ?? clock.now
        let start = reader.time("start") ?? end.advanced(by: .zero - Self.usualTime)
        let grouping =
            reader.word("group_by", among: UsageGrouping.allCases.map(\.rawValue)).flatMap(UsageGrouping.init) ?? .total
        if start > end { reader.report("start", "must not be later than end.") }
        if start.advanced(by: Self.longestTime) < end { reader.report("start", "must be at most 90 days before end.") }
        try reader.check()
        let counts = try await store.usage(
            of: call.organisation, label: JobLabel.model, from: start, to: end, by: grouping)
        func dollars(_ credits: Int) -> JSONValue { .number(Money.dollars(credits)) }
        return .json([
            "start": .time(start), "end": .time(end), "group_by": .string(grouping.rawValue), "currency": "USD",
            "total_jobs": .whole(counts.reduce(0) { $0 + $1.jobCount }),
            "total_spent": dollars(counts.reduce(0) { $0 + $1.credits }),
            "data": .array(
                counts.map {
                    [
                        "key": .string(grouping == .total ? "total" : $0.key), "jobs": .whole($0.jobCount),
                        "spent": dollars($0.credits),
                    ]
                }),
        ])
    }

    private func transactions(_ call: Call) async throws -> HTTPResponse {
        let page = try V3Page<Generation>(call)
        // Where nobody counts, nothing was spent.
        guard settings.credits != nil else { return .json(["data": [], "next_cursor": .null]) }
        let filter = GenerationFilter(organisation: call.organisation, sources: [HedraV3API.source])
        let found = try await page.items { try await store.generations(filter, after: $0, limit: $1) }
        return page.answer(found, cursor: \.id.rawValue, Self.transaction)
    }

    /// What became of a job's price: spent, or given back with its failure.
    private static func transaction(_ generation: Generation) -> JSONValue {
        let isRefunded = generation.failure != nil
        let amount = isRefunded ? 0 : -Money.dollars(generation.request.credits ?? 0)
        return [
            "id": .string("txn_\(generation.id.rawValue)"), "kind": .string(isRefunded ? "refund" : "usage"),
            "amount": .number(amount), "currency": "USD",
            "created_at": .time((isRefunded ? generation.finishedAt : nil) ?? generation.createdAt), "llm_usage": .null,
        ]
    }
}
