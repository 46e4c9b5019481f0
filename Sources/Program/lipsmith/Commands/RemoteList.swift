import Generations
import HTTP
import Text

/// `lipsmith remote list`: the generations of a server's organisation, the newest first.
struct RemoteList: Sendable {
    private static let pageLength = 100

    private let server: RemoteServer
    private let isJSON: Bool
    private let filter: String
    private let limit: Int

    /// Takes the options.
    init(_ arguments: inout ArgumentReader, _ server: RemoteServer, isJSON: Bool) throws {
        self.server = server
        self.isJSON = isJSON
        limit = try arguments.takeNumber("--limit", in: 1...10_000) ?? 20
        let parameters = [
            ("status", try arguments.takeValue("--status")), ("search", try arguments.takeValue("--search")),
            ("project", try arguments.takeValue("--project")),
        ]
        filter = parameters.compactMap { name, value in
            value.map { "&\(name)=\(PercentEncoding.encode($0))" }
        }.joined()
    }

    /// Reads page by page and shows them.
    func run() async throws {
        var items: [JSONValue] = []
        var cursor = ""
        repeat {
            let count = min(Self.pageLength, limit - items.count)
            let page = try await server.send(.get, "/v1/generations?limit=\(count)\(filter)\(cursor)", repeats: true)
            items += page["items"]?.array ?? []
            guard let next = page["next"]?.text else { break }
            cursor = "&cursor=\(next)"
        } while items.count < limit
        guard !isJSON else {
            for item in items { Terminal.out(item.serialized) }
            return
        }
        Terminal.out(
            TextTable.render(
                ["ID", "STATUS", "MODEL", "CREATED", "RESULT", "NAME"],
                items.map { item in
                    [
                        item["id"]?.text ?? "", item["status"]?.text ?? "", item["model"]?.text ?? "",
                        item["createdAt"]?.text ?? "", Self.result(item), item["name"]?.text ?? "–",
                    ]
                }))
    }

    private static func result(_ item: JSONValue) -> String {
        if let seconds = item["output"]?["durationSeconds"]?.serialized { return "\(seconds) s of video" }
        if let code = item["error"]?["code"]?.text { return code }
        return "\(Int((item["progress"]?.double ?? 0) * 100)) %"
    }
}
