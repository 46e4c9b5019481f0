import Foundation
import LipSync

extension EngineTask {
    /// The form in which a task reaches the child that does it.
    func text() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }

    /// Where the processed part alone is written, if it is.
    var segmentOutputPath: String? {
        switch self {
        case .sync(let plan): plan.segmentOutputPath
        case .animation: nil
        }
    }
}
