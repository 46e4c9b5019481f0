import Generations
import Server
import Text
import Time

/// `lipsmith nodes`: the processes that work for an installation.
enum NodesCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let administration = try OperatorArguments.open(folder: arguments.takeValue("--data"))
        let isJSON = arguments.takeFlag("--json")
        try arguments.finish()
        let nodes = try AsyncCommand.run { try await administration.nodes() }
        if isJSON {
            for node in nodes { Terminal.out(JSONText.line(Row(node))) }
            return .success
        }
        guard !nodes.isEmpty else {
            Terminal.out("Nobody is there.")
            return .success
        }
        Terminal.out(
            TextTable.render(
                ["HOST", "NAME", "VERSION", "WORK", "RUNNING", "SINCE"],
                nodes.map(Row.init).map { row in
                    [
                        row.host, row.name, row.version,
                        row.roles.isEmpty ? "answers only" : row.roles.joined(separator: ","),
                        "\(row.running) of \(row.renderSlots)", row.startedAt,
                    ]
                }))
        return .success
    }

    private struct Row: Encodable {
        let host: String
        let name: String
        let version: String
        let roles: [String]
        let renderSlots: Int
        let running: Int
        let startedAt: String

        init(_ node: WorkNode) {
            host = node.host
            name = node.name
            version = node.version
            roles = node.roles.map(\.rawValue).sorted()
            renderSlots = node.renderSlots
            running = node.runningCount
            startedAt = node.startedAt.iso8601
        }
    }
}
