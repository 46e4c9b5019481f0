import Foundation
import Generations
import Server
import Time

/// `lipsmith keys`: who may use an installation.
enum KeysCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let folder = try arguments.takeValue("--data")
        let isJSON = arguments.takeFlag("--json")
        let action = arguments.takePositional()
        let administration = try OperatorArguments.open(folder: folder, mayCreate: action == "create")
        switch action {
        case "create":
            let name = try arguments.takeValue("--name") ?? "key"
            let organisation = try arguments.takeValue("--organisation")
            let role: Role = arguments.takeFlag("--operator") ? .operator : .member
            try arguments.finish()
            let secret = try AsyncCommand.run {
                try await administration.createKey(name: name, organisation: organisation, role: role)
            }
            // The key alone, so that a script can take it as it is.
            Terminal.out(secret)
        case "list":
            try arguments.finish()
            let rows = try AsyncCommand.run { try await administration.keys() }.map { key, organisation in
                Row(
                    id: key.id.rawValue, name: key.name, begins: key.hint, organisation: organisation,
                    role: key.role.rawValue, created: key.createdAt.iso8601, revoked: key.revokedAt?.iso8601)
            }
            if isJSON {
                for row in rows { Terminal.out(JSONText.line(row)) }
            } else {
                Terminal.out(
                    TextTable.render(
                        ["ID", "NAME", "BEGINS", "ORGANISATION", "ROLE", "CREATED", "REVOKED"],
                        rows.map {
                            [$0.id, $0.name, $0.begins + "…", $0.organisation, $0.role, $0.created, $0.revoked ?? "–"]
                        }))
            }
        case "revoke":
            guard let text = arguments.takePositional() else { throw UsageError(message: "Name the key to revoke.") }
            try arguments.finish()
            let key = try AsyncCommand.run { try await administration.revokeKey(text) }
            Terminal.out("Revoked \(key.name) (\(key.hint)…). A running server refuses it within five seconds.")
        default: throw UsageError(message: "Say `keys create`, `keys list` or `keys revoke`.")
        }
        return .success
    }

    private struct Row: Encodable {
        var id: String
        var name: String
        var begins: String
        var organisation: String
        var role: String
        var created: String
        var revoked: String?
    }
}

/// Columns of text for people.
enum TextTable {
    static func render(_ head: [String], _ rows: [[String]]) -> String {
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell.padding(toLength: widths[index] + 2, withPad: " ", startingAt: 0)
            }.joined()
        }.joined(separator: "\n")
    }
}
