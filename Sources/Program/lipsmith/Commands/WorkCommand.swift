import Server

/// `lipsmith work`: a process that works for an installation of several machines and serves no interface.
enum WorkCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let start = try ServiceStart(&arguments)
        guard start.configuration.databaseURL != nil else {
            throw UsageError(
                message: "A node needs the installation's database: set --database-url or LIPSMITH_DATABASE_URL.")
        }
        return try start.run(.worksOnly) { url, _ in Terminal.out("Lipsmith works; how it is stands at \(url)/ready") }
    }
}
