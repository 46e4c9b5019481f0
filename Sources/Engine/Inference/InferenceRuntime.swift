/// A library that runs neural networks on this machine's processor.
public protocol InferenceRuntime: Sendable {
    /// Loads a network for repeated runs from one thread at a time.
    ///
    /// - Parameters:
    ///   - modelPath: A file that the runtime reads (ONNX or TFLite for OpenVINO).
    ///   - inputShape: The shape of the only input, or `nil` for the model's own.
    ///   - threadCount: The processor threads that one run may use.
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    func load(_ modelPath: String, inputShape: [Int]?, threadCount: Int) throws -> any InferenceSession
}

/// A loaded network with one input and the memory of one run.
///
/// A session belongs to one thread at a time. Input and outputs live in the runtime's own tensors, so that nothing is
/// copied on the way in or out.
public protocol InferenceSession: AnyObject, Sendable {
    /// The number of values in the input, row-major in the model's layout.
    var inputCount: Int { get }
    /// The outputs' names in the model's order.
    var outputNames: [String] { get }

    /// Gives the input tensor, `inputCount` values, to `body` to be filled before `run()`.
    func withInput<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows -> Result

    /// Runs the network once.
    /// - Throws: `InferenceError` of kind `runFailed`.
    func run() throws

    /// Gives the values of one output of the last run to `body`, row-major in the model's layout.
    ///
    /// - Parameter index: The output's place in `outputNames`.
    func withOutput<Result>(_ index: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result
}
