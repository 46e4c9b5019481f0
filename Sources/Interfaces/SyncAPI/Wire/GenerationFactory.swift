import Generations
import HTTP
import Text
import Time
import WebInterface

/// Makes generations of bodies.
struct GenerationFactory: Sendable {
    let store: any AssetStore & ProjectStore
    let voices: OrganisationVoices
    let rules: ValidationRules
    let clock: any WallClock
    /// The program that sends every request; nil where each says it by itself.
    var program: String?

    var validator: RequestValidator { RequestValidator(rules: rules) }

    /// A checked generation of a body, not stored yet.
    ///
    /// - Parameter known: Assets that came with the body and are not stored yet.
    func generation(
        of body: CreateBody, _ call: Call, known: [Asset] = [], batch: BatchID? = nil, name: String? = nil
    ) async throws -> Generation {
        try body.checkOffer()
        var request = try validator.validate(body.draft)
        try await checkVoices(of: request, organisation: call.organisation)
        let project = try await ReferenceCheck.project(body.project, organisation: call.organisation, in: store)
        let assets = try await ReferenceCheck.assets(
            of: request.inputs, organisation: call.organisation, known: known, in: store)
        request.echo["input"] = request.echo["input"].map { GenerationView.addingAddresses(of: assets.values, to: $0) }
        request.echo[PublicAddress.orderKey] = .string(call.base)
        return Generation(
            organisation: call.organisation, project: project, batch: batch, batchRequestName: name,
            source: program ?? Self.source(of: call.request), request: request, createdAt: clock.now)
    }

    /// Refuses voices that do not exist or belong to another organisation, and translations that nobody makes here.
    private func checkVoices(of request: GenerationRequest, organisation: OrganisationID) async throws {
        // Whether texts are spoken at all is a rule of requests; without voices there is nothing to look up.
        guard let provider = voices.provider else { return }
        for input in request.inputs {
            guard case .script(let script) = input.source else { continue }
            _ = try await voices.voice(script.voiceID, organisation: organisation)
        }
        if let dub = request.lipSync?.dub { try await provider.checkDub(dub) }
    }

    /// The name of the sending program: `mcp:anything` counts as `mcp`, nothing as `api`, and so do the names by which
    /// the other interfaces know their own.
    static func source(of request: HTTPRequest) -> String {
        let name = request.headers["x-sync-source"]?.prefix { $0 != ":" } ?? ""
        let isName =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                    || $0 == 0x5F
            }
        let source = isName ? name.lowercased() : GenerationSource.unnamed
        return GenerationSource.reserved.contains(source) ? GenerationSource.unnamed : source
    }
}
