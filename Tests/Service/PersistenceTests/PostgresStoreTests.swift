import Generations
import Persistence
import StoreConformance
import TemporaryPostgres
import Testing

struct PostgresConformanceTests {
    /// A database with the tables in it, of which each case gets a copy.
    private static let template = Task {
        let server = try TemporaryPostgres.shared.get()
        try server.run("CREATE DATABASE migrated", in: "postgres")
        do { _ = try await PostgresDatabase(.init(address: server.address("migrated"))) }
        return server
    }

    /// Goal: the PostgreSQL store does what every store must. Method: the shared cases, each on a database of its own.
    @Test(arguments: StoreConformance.cases)
    func conforms(_ conformance: StoreConformance) async throws {
        let server = try await Self.template.value
        let store = SQLStore(
            try await PostgresDatabase(.init(address: try server.makeDatabase(from: "migrated"))))
        try await conformance.run(store)
    }
}
