/// A library that runs neural networks on this machine's processor.
public protocol InferenceRuntime: Sendable {
    /// Loads a network for repeated runs from one thread at a time.
    ///
    /// - Parameters:
    ///   - modelPath: A file that the runtime reads (ONNX or TFLite for OpenVINO).
    ///   - inputShapes: What replaces the model's own shapes.
    ///   - threadCount: The processor threads that one run may use.
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    func load(_ modelPath: String, inputShapes: InputShapes, threadCount: Int) throws -> any InferenceSession
}

extension InferenceRuntime {
    /// Loads a network with one input.
    ///
    /// - Parameter inputShape: The shape of the input; `nil` for the model's own.
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    public func load(_ modelPath: String, inputShape: [Int]?, threadCount: Int) throws -> any InferenceSession {
        try load(modelPath, inputShapes: inputShape.map(InputShapes.only) ?? .own, threadCount: threadCount)
    }
}

/// The shapes with which a network is loaded.
public enum InputShapes: Hashable, Sendable {
    /// The model's own.
    case own
    /// That of the only input, with or without a name.
    case only([Int])
    /// Those of the named inputs; the others keep the model's own.
    case named([String: [Int]])
}

/// A loaded network and the memory of one run.
///
/// A session belongs to one thread at a time. Inputs and outputs are single-precision values in the runtime's own
/// tensors, row-major in the model's layout, so that nothing is copied on the way in or out.
public protocol InferenceSession: AnyObject, Sendable {
    /// The inputs' names in the model's order; empty for one without.
    var inputNames: [String] { get }
    /// The outputs' names in the model's order; empty for one without.
    var outputNames: [String] { get }

    /// Gives the tensor of one input to `body` to be filled before `run()`.
    func withInput<Result>(
        _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) rethrows -> Result

    /// Runs the network once.
    /// - Throws: `InferenceError` of kind `runFailed`.
    func run() throws

    /// Gives the values of one output of the last run to `body`.
    func withOutput<Result>(_ index: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result
}

extension InferenceSession {
    /// The number of values in the first input.
    public var inputCount: Int { withInput(0) { $0.count } }

    /// Gives the tensor of the first input to `body` to be filled before `run()`.
    public func withInput<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try withInput(0, body)
    }

    /// Gives the tensor of a named input to `body`; `nil` where there is none of that name.
    public func withInput<Result>(
        named name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) rethrows -> Result? {
        guard let index = inputNames.firstIndex(of: name) else { return nil }
        return try withInput(index, body)
    }

    /// Gives the values of a named output of the last run to `body`; `nil` where there is none of that name.
    public func withOutput<Result>(
        named name: String, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result? {
        guard let index = outputNames.firstIndex(of: name) else { return nil }
        return try withOutput(index, body)
    }
}
