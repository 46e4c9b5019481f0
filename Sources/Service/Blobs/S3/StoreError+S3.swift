import Generations
import HTTP

extension StoreError {
    /// The store's error for what a request to S3 threw; cancellations and errors of the store stay what they are.
    static func of(_ error: any Error, _ action: String) -> any Error {
        switch error {
        case let failure as S3Failure:
            let code: Code = failure.isTransient || failure.status == 404 ? .unavailable : .refused
            return StoreError(
                code: code, driverCode: failure.status, detail: "\(action): \(failure.code) \(failure.message)")
        case let error as HTTPClientError: return StoreError(code: .unavailable, detail: "\(action): \(error)")
        case let problem as S3Problem: return StoreError(code: .refused, detail: "\(action): \(problem)")
        default: return error
        }
    }
}
