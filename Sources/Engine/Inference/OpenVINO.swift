import COpenVINO
import Foundation

/// OpenVINO's CPU runtime, loaded from a folder at run time.
///
/// Compiled networks are kept in the user's cache folder (`LIPSMITH_CACHE`, when set, names another one; empty switches
/// the cache off): without it a start takes five times the processor time.
public final class OpenVINO: InferenceRuntime, @unchecked Sendable {
    private let handle: OpaquePointer
    private let version: String
    private let cache: CompiledModelCache?
    /// The runtime's settings are global and set before each load, so only one load may run at a time.
    private let loading = NSLock()

    /// Loads `libopenvino_c.so` from `folder`.
    /// - Throws: `InferenceError` of kind `runtimeMissing`.
    public convenience init(folder: String) throws {
        try self.init(folder: folder, cache: .standard())
    }

    /// Loads `libopenvino_c.so` from `folder` and keeps compiled networks in `cacheFolder`; `nil` for no cache.
    ///
    /// - Throws: `InferenceError` of kind `runtimeMissing`.
    package convenience init(folder: String, cacheFolder: String?) throws {
        try self.init(folder: folder, cache: cacheFolder.map(CompiledModelCache.init(folder:)))
    }

    private init(folder: String, cache: CompiledModelCache?) throws {
        var message = [CChar](repeating: 0, count: 1024)
        guard let handle = lipsmith_openvino_open(folder + "/libopenvino_c.so", &message, message.count) else {
            throw InferenceError(.runtimeMissing, detail: text(message))
        }
        self.handle = handle
        self.cache = cache
        lipsmith_openvino_version(handle, &message, message.count)
        version = text(message)
    }

    deinit { lipsmith_openvino_close(handle) }

    /// Loads a network in single precision, so that results are the same on every processor.
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    public func load(_ modelPath: String, inputShape: [Int]?, threadCount: Int) throws -> any InferenceSession {
        guard let content = FileManager.default.contents(atPath: modelPath) else {
            throw InferenceError(.modelUnreadable, detail: "cannot read \(modelPath)")
        }
        let name = CompiledModelCache.name(
            model: content, settings: [version, "\(inputShape ?? [])", "\(threadCount) threads"])
        return try loading.withLock {
            if let stored = cache?.read(name), let model = imported(stored, threadCount: threadCount) {
                return OpenVINOSession(model: model, runtime: self)
            }
            var message = [CChar](repeating: 0, count: 1024)
            let dimensions = (inputShape ?? []).map(Int64.init)
            guard
                let model = lipsmith_openvino_load(
                    handle, modelPath, Int64(dimensions.count), dimensions, Int32(threadCount), &message, message.count)
            else { throw InferenceError(.modelUnreadable, detail: "\(modelPath): \(text(message))") }
            if let cache, let content = exported(model) { cache.write(name, content) }
            return OpenVINOSession(model: model, runtime: self)
        }
    }

    private func imported(_ content: Data, threadCount: Int) -> OpaquePointer? {
        content.withUnsafeBytes { bytes in
            lipsmith_openvino_import(handle, bytes.baseAddress, bytes.count, Int32(threadCount))
        }
    }

    private func exported(_ model: OpaquePointer) -> Data? {
        var size = 0
        guard let content = lipsmith_openvino_export(model, &size) else { return nil }
        return Data(bytesNoCopy: content, count: size, deallocator: .free)
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
