import Generations
import Glibc
import Persistence
import StoreConformance

/// Stores generations without end and prints each identifier once it was acknowledged, until it is killed.
@main
struct StoreCrashWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { fatalError("usage: StoreCrashWriter <file> <organisation>") }
        let store = try SQLStore(path: arguments[1])
        let organisation = OrganisationID(rawValue: arguments[2])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while true {
                        let generation = Samples.generation(organisation)
                        _ = try await store.create(CreateOrder(generations: [generation]))
                        // One write of a whole line, so that a killed process leaves no half line before the end.
                        let line = Array("\(generation.id)\n".utf8)
                        _ = write(1, line, line.count)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
