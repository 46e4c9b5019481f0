/// Finds the route of a request.
///
/// A pattern is a path whose segments are literal, `{name}` (any non-empty segment), or, at the end, `{name*}` (the
/// rest, at least one segment, joined by slashes). Literal segments have precedence over names. A path with a trailing
/// slash that matches no route is matched without it.
public struct HTTPRouter: Sendable {
    /// The result for a method and a path.
    enum Match {
        case route(HTTPRoute, parameters: [String: String])
        case otherMethods([HTTPMethod])
        case nothing
    }

    private struct Node {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var remainder: [HTTPMethod: (route: HTTPRoute, names: [String])] = [:]
        var routes: [HTTPMethod: (route: HTTPRoute, names: [String])] = [:]
    }

    private var nodes = [Node()]
    /// All routes in the order of their addition.
    public private(set) var routes: [HTTPRoute] = []

    /// A router without routes.
    public init() {}

    /// Adds a route. The same method and pattern twice, and a pattern that is not one, are programming errors and trap.
    public mutating func on(
        _ method: HTTPMethod, _ pattern: String, options: HTTPRouteOptions = HTTPRouteOptions(),
        _ handler: @escaping HTTPHandler
    ) {
        precondition(pattern.hasPrefix("/"), "a pattern begins with a slash: \(pattern)")
        let route = HTTPRoute(
            method: method, pattern: pattern, options: options, number: routes.count, handler: handler)
        var segments = pattern.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        if segments == [""] { segments = [] }
        var names: [String] = []
        var node = 0
        for (index, segment) in segments.enumerated() {
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
                node = child(of: node, literal: segment)
                continue
            }
            names.append(String(segment.dropFirst().dropLast()))
            if segment.hasSuffix("*}") {
                precondition(index == segments.count - 1, "only the last segment takes the rest: \(pattern)")
                names[names.count - 1].removeLast()
                precondition(nodes[node].remainder[method] == nil, "two routes for \(method) \(pattern)")
                nodes[node].remainder[method] = (route, names)
                routes.append(route)
                return
            }
            node = parameterChild(of: node)
        }
        precondition(nodes[node].routes[method] == nil, "two routes for \(method) \(pattern)")
        nodes[node].routes[method] = (route, names)
        routes.append(route)
    }

    private mutating func child(of node: Int, literal: String) -> Int {
        if let known = nodes[node].literals[literal] { return known }
        nodes.append(Node())
        nodes[node].literals[literal] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if let known = nodes[node].parameter { return known }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    func match(_ method: HTTPMethod, _ segments: [String]) -> Match {
        let exact = exactMatch(method, segments)
        guard case .nothing = exact, segments.count > 1, segments.last == "" else { return exact }
        return exactMatch(method, Array(segments.dropLast()))
    }

    /// The methods that a path takes.
    func methods(_ segments: [String]) -> [HTTPMethod] {
        // No route has an empty method, so the result holds all others.
        guard case .otherMethods(let methods) = match(HTTPMethod(rawValue: ""), segments) else { return [] }
        return methods
    }

    private func exactMatch(_ method: HTTPMethod, _ segments: [String]) -> Match {
        var allowed: Set<HTTPMethod> = []
        if let (entry, values) = find(method, segments, from: 0, below: 0, values: [], &allowed) {
            return .route(entry.route, parameters: Dictionary(zip(entry.names, values)) { first, _ in first })
        }
        return allowed.isEmpty ? .nothing : .otherMethods(allowed.sorted { $0.rawValue < $1.rawValue })
    }

    /// Finds a route for the segments from an index on.
    ///
    /// - Parameters:
    ///   - node: The index of the node that the segments before lead to.
    ///   - values: The values of the names so far.
    ///   - allowed: Takes the methods of all routes that match but for the method.
    private func find(
        _ method: HTTPMethod, _ segments: [String], from index: Int, below node: Int, values: [String],
        _ allowed: inout Set<HTTPMethod>
    ) -> (entry: (route: HTTPRoute, names: [String]), values: [String])? {
        if index == segments.count { return pick(nodes[node].routes, method, values: values, &allowed) }
        if let next = nodes[node].literals[segments[index]],
            let found = find(method, segments, from: index + 1, below: next, values: values, &allowed)
        {
            return found
        }
        if let next = nodes[node].parameter, !segments[index].isEmpty,
            let found = find(
                method, segments, from: index + 1, below: next, values: values + [segments[index]], &allowed)
        {
            return found
        }
        guard !nodes[node].remainder.isEmpty else { return nil }
        return pick(
            nodes[node].remainder, method, values: values + [segments[index...].joined(separator: "/")], &allowed)
    }

    private func pick(
        _ table: [HTTPMethod: (route: HTTPRoute, names: [String])], _ method: HTTPMethod, values: [String],
        _ allowed: inout Set<HTTPMethod>
    ) -> (entry: (route: HTTPRoute, names: [String]), values: [String])? {
        if let entry = table[method] ?? (method == .head ? table[.get] : nil) { return (entry, values) }
        allowed.formUnion(table.keys)
        if table[.get] != nil { allowed.insert(.head) }
        return nil
    }

    /// Answers a request without a server, for tests and for one route calling another. Errors are thrown, not
    /// rendered.
    ///
    /// - Throws: `HTTPError` 404 or 405 if no route matches, and what the handler throws.
    public func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        let (route, parameters) = try route(method: request.method, target: RequestTarget(request.target))
        var request = request
        request.parameters = parameters
        return try await route.handler(request)
    }

    func route(method: HTTPMethod, target: RequestTarget) throws(HTTPError) -> (HTTPRoute, [String: String]) {
        switch match(method, target.segments) {
        case .route(let route, let parameters): return (route, parameters)
        case .nothing: throw HTTPError(.notFound, "not_found", "There is nothing at this path.")
        case .otherMethods(let methods):
            throw HTTPError(
                .methodNotAllowed, "method_not_allowed", "This path does not take the method.",
                headers: ["Allow": methods.map(\.rawValue).joined(separator: ", ")])
        }
    }
}
