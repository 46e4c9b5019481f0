import LipSync

/// `lipsmith doctor`: what is installed, what is missing and how to get it.
enum DoctorCommand {
    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        let isJSON = arguments.takeFlag("--json")
        try arguments.finish()
        let diagnosis = Diagnosis()
        if isJSON {
            Terminal.out(JSONText.pretty(diagnosis))
        } else {
            for item in diagnosis.items {
                Terminal.out("\(item.isWorking ? "ok     " : "MISSING") \(item.name): \(item.detail)")
                if let remedy = item.remedy { Terminal.out("        to get it: \(remedy)") }
            }
            Terminal.out(diagnosis.isComplete ? "Everything is in place." : "Something is missing.")
        }
        return diagnosis.isComplete ? .success : .installation
    }
}

/// `lipsmith version`.
enum VersionCommand {
    /// The version of this source tree.
    static let version = "0.1.0"

    static func run(_ arguments: inout ArgumentReader) throws -> ExitCode {
        try arguments.finish()
        Terminal.out("lipsmith \(version)")
        return .success
    }
}
