import Generations
import HTTP
import HedraAPI
import HedraV3API
import LipsmithAPI
import OpenAIAPI
import SyncAPI
import WebInterface

/// What each interface calls each failure: one table for the documents.
public enum ErrorCatalogue {
    private static let interfaces: [(name: String, errors: any ErrorRenderer)] = [
        ("Sync, ComfyUI", SyncAPI.errors), ("Hedra", HedraAPI.errors), ("Hedra v3", HedraV3API.errors),
        ("fal", FalAPI.errors), ("OpenAI", OpenAIAPI.errors), ("Lipsmith", LipsmithAPI.errors),
    ]

    /// The table in Markdown. An error of a job has the same words there, without the status.
    public static var markdownTable: String {
        let head = ["failure", "in words"] + interfaces.map(\.name)
        let rows = FailureCode.allCases.map { code in
            ["`\(code.rawValue)`", code.message]
                + interfaces.map { interface in
                    let error = interface.errors.httpError(GenerationError(code), requestID: "")
                    return "\(error.status.rawValue) `\(error.code)`"
                }
        }
        return ([head, head.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
            .joined(separator: "\n")
    }
}
