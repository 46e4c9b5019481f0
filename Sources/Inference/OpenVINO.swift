import COpenVINO

/// OpenVINO's CPU runtime, loaded from a folder at run time.
public final class OpenVINO: InferenceRuntime, @unchecked Sendable {
    private let handle: OpaquePointer

    /// Loads `libopenvino_c.so` from `folder`.
    /// - Throws: `InferenceError` of kind `runtimeMissing`.
    public init(folder: String) throws {
        var message = [CChar](repeating: 0, count: 1024)
        guard let handle = lipsmith_openvino_open(folder + "/libopenvino_c.so", &message, message.count) else {
            throw InferenceError(.runtimeMissing, detail: text(message))
        }
        self.handle = handle
    }

    deinit { lipsmith_openvino_close(handle) }

    /// Loads a network in single precision, so that results are the same on every processor.
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    public func load(_ modelPath: String, inputShape: [Int]?, threadCount: Int) throws -> any InferenceSession {
        var message = [CChar](repeating: 0, count: 1024)
        let dimensions = (inputShape ?? []).map(Int64.init)
        guard
            let model = lipsmith_openvino_load(
                handle, modelPath, Int64(dimensions.count), dimensions, Int32(threadCount), &message, message.count)
        else { throw InferenceError(.modelUnreadable, detail: text(message)) }
        return OpenVINOSession(model: model, runtime: self)
    }
}

private final class OpenVINOSession: InferenceSession, @unchecked Sendable {
    private let model: OpaquePointer
    private let runtime: OpenVINO
    let inputCount: Int
    let outputNames: [String]

    init(model: OpaquePointer, runtime: OpenVINO) {
        self.model = model
        self.runtime = runtime
        inputCount = lipsmith_openvino_input_count(model)
        outputNames = (0..<lipsmith_openvino_output_total(model)).map {
            String(cString: lipsmith_openvino_output_name(model, $0))
        }
    }

    deinit { lipsmith_openvino_unload(model) }

    func withInput<Result>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try body(UnsafeMutableBufferPointer(start: lipsmith_openvino_input(model), count: inputCount))
    }

    func run() throws {
        let status = lipsmith_openvino_infer(model)
        if status != 0 { throw InferenceError(.runFailed, detail: "OpenVINO status \(status)") }
    }

    func withOutput<Result>(_ index: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try body(
            UnsafeBufferPointer(
                start: lipsmith_openvino_output(model, index), count: lipsmith_openvino_output_count(model, index)))
    }
}

private func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
