import Server

/// `lipsmith serve`: the server.
enum ServeCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let worksElsewhere = arguments.takeFlag("--no-work")
        let start = try ServiceStart(&arguments)
        guard !worksElsewhere || start.configuration.databaseURL != nil else {
            throw UsageError(
                message: "With --no-work other machines work, which need the database: set --database-url, too.")
        }
        return try start.run(worksElsewhere ? .answersOnly : .everything) { url, studioLink in
            // Scripts read the address out of the first line.
            Terminal.out("Lipsmith listens on \(url)")
            if let studioLink { Terminal.out("Open the studio: \(studioLink)") }
        }
    }
}
