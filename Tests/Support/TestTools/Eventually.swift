/// Whether a condition comes true in time; it is asked a hundred times a second.
///
/// - Parameter seconds: How long it may take: two minutes unless given, which a busy machine may need.
public func eventually(
    within seconds: Int = 120, _ condition: () async throws -> Bool
) async rethrows -> Bool {
    for _ in 0..<seconds * 100 {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}
