/// The values of one input of a network and their shape.
public struct Tensor: Hashable, Sendable {
    /// The values, row-major.
    public enum Values: Hashable, Sendable {
        /// In single precision.
        case floats([Float])
        /// As 64-bit integers, for example tokens.
        case integers([Int64])
    }

    /// The values; as many as the shape has places.
    public let values: Values
    /// The sizes of the dimensions, outermost first.
    public let shape: [Int]

    /// Makes a tensor.
    ///
    /// - Precondition: There are as many values as places, and at least one.
    public init(_ values: Values, shape: [Int]) {
        let count =
            switch values {
            case .floats(let floats): floats.count
            case .integers(let integers): integers.count
            }
        precondition(count > 0 && shape.allSatisfy { $0 > 0 } && shape.reduce(1, *) == count, "\(count) in \(shape)")
        self.values = values
        self.shape = shape
    }

    /// A row of numbers.
    public init(_ floats: [Float]) { self.init(.floats(floats), shape: [floats.count]) }
}

/// A loaded network whose inputs may have other sizes in every run, and whose outputs' sizes are known only after it, as of
/// one that turns texts into sounds.
///
/// A session belongs to one thread at a time.
public protocol DynamicSession: AnyObject, Sendable {
    /// Runs the network once.
    ///
    /// - Parameters:
    ///   - inputs: All inputs by their names.
    ///   - outputs: The names of the outputs that are wanted, all of single precision.
    /// - Returns: The outputs' values in that order, row-major.
    /// - Throws: `InferenceError` of kind `runFailed`, also for a name that the network has not.
    func run(_ inputs: [String: Tensor], outputs: [String]) throws -> [[Float]]
}
