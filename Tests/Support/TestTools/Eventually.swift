/// Whether a condition comes true within two minutes, which a busy machine may need; it is asked a hundred times a second.
public func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<12_000 {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}
