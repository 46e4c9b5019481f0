import Text
import Time

/// Whether an order may be accepted.
///
/// A store asks these questions within the transaction in which it accepts, in this order, each with what it has counted
/// there: `replay`, `checkActive`, `cost`, `checkInputs`.
public struct OrderAdmission: Sendable {
    /// What is to be accepted.
    public let order: CreateOrder
    /// The owner of all generations of the order.
    public let organisation: OrganisationID
    /// When the order came.
    private let now: Timestamp

    /// Looks at an order; throws `StoreError` of code `refused` where it has no generations, or those of several
    /// organisations.
    public init(_ order: CreateOrder) throws(StoreError) {
        guard let first = order.generations.first,
            order.generations.allSatisfy({ $0.organisation == first.organisation })
        else { throw StoreError(code: .refused, detail: "an order has generations of one organisation") }
        self.order = order
        organisation = first.organisation
        now = first.createdAt
    }

    /// What an earlier order with the same idempotency key made; `nil` where this order is the first one, or the key's
    /// time is over.
    ///
    /// - Parameters:
    ///   - record: What is kept under the order's key; `nil` where nothing is.
    ///   - generation: Gives the generation that the key stands for; `nil` where it was deleted.
    /// - Throws: `GenerationError` of code `idempotencyKeyReused` where the key stands for another request, or for a
    ///   generation that was deleted: making it again is what the key is there to prevent.
    public func replay(
        _ record: IdempotencyRecord?, generation: (GenerationID) throws -> Generation?
    ) throws -> CreateOutcome? {
        guard let claim = order.idempotency, let record, record.expiresAt > now else { return nil }
        guard Digest.areEqual(record.payloadDigest, claim.payloadDigest) else {
            throw GenerationError(.idempotencyKeyReused, field: .idempotencyKey)
        }
        guard let generation = try generation(record.generation) else {
            throw GenerationError(
                .idempotencyKeyReused, "The generation of this Idempotency-Key has been deleted.",
                field: .idempotencyKey)
        }
        return CreateOutcome(generations: [generation], isReplay: true)
    }

    /// What is to be kept under the order's idempotency key; `nil` for an order without one.
    public var record: IdempotencyRecord? {
        order.idempotency.map { claim in
            IdempotencyRecord(
                organisation: organisation, key: claim.key.text, payloadDigest: claim.payloadDigest,
                generation: order.generations[0].id, expiresAt: now.advanced(by: IdempotencyClaim.retention))
        }
    }

    /// Refuses more unfinished generations than the organisation may have.
    ///
    /// - Parameter count: How many it has now. A store may stop counting one above the order's limit.
    /// - Throws: `GenerationError` of code `activeLimitReached`.
    public func checkActive(_ count: Int) throws(GenerationError) {
        guard let limit = order.activeLimit, count + order.generations.count > limit else { return }
        throw GenerationError(
            .activeLimitReached,
            parameters: ["activeGenerations": .integer(Int64(count)), "concurrencyLimit": .integer(Int64(limit))])
    }

    /// The credits that the order costs, at least 0, to be counted as spent.
    ///
    /// - Parameter spent: What the organisation has spent until now.
    /// - Throws: `GenerationError` of code `creditsExhausted`, with what is left in the parameter `credits`.
    public func cost(afterSpending spent: Int) throws(GenerationError) -> Int {
        let cost = order.generations.reduce(0) { $0 + ($1.request.credits ?? 0) }
        if let limit = order.creditLimit {
            let left = max(0, limit - spent)
            guard cost <= left else {
                throw GenerationError(.creditsExhausted, parameters: ["credits": .integer(Int64(left))])
            }
        }
        return cost
    }

    /// Refuses inputs that were deleted after the order was checked: the job could only fail.
    ///
    /// - Throws: `GenerationError` of code `assetNotFound`.
    public func checkInputs(isKnown: (AssetID) throws -> Bool) throws {
        for input in order.generations.flatMap(\.request.inputs) {
            guard case .asset(let id) = input.source else { continue }
            guard try isKnown(id) else { throw GenerationError(.assetNotFound, field: .inputs) }
        }
    }
}
