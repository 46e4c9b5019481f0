import COpenVINO
import Foundation
import Synchronization

/// OpenVINO's CPU runtime, loaded from a folder at run time.
///
/// Compiled networks are kept in the user's folder for caches (`LIPSMITH_CACHE`, when set, names another one, or none
/// when empty): compiling takes five times as long as everything else of a start.
public final class OpenVINO: InferenceRuntime, @unchecked Sendable {
    private let handle: OpaquePointer
    private let version: String
    private let cache: CompiledModelCache?
    private let loading = LoadingOrder()

    private static let shared = Mutex<[String: OpenVINO]>([:])

    /// The process's one runtime from a folder: a second one would only start the same plugins again.
    /// - Throws: `InferenceError` of kind `runtimeMissing`.
    public static func shared(folder: String) throws -> OpenVINO {
        try shared.withLock { runtimes in
            if let known = runtimes[folder] { return known }
            let made = try OpenVINO(folder: folder)
            runtimes[folder] = made
            return made
        }
    }

    /// Loads `libopenvino_c.so` from `folder`.
    /// - Throws: `InferenceError` of kind `runtimeMissing`.
    public convenience init(folder: String) throws {
        try self.init(folder: folder, cache: .standard())
    }

    /// Likewise with a cache of its own, or without one.
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
    public func load(_ modelPath: String, inputShapes: InputShapes, threadCount: Int) throws -> any InferenceSession {
        guard let content = FileManager.default.contents(atPath: modelPath) else {
            throw InferenceError(.modelUnreadable, detail: "cannot read \(modelPath)")
        }
        let name = CompiledModelCache.name(
            model: content, settings: [version, inputShapes.key, "\(threadCount) threads"])
        if let stored = cache?.read(name) {
            let model = try loading.shared(threadCount, configure) { imported(stored) }
            if let model { return OpenVINOSession(model: model, runtime: self) }
        }
        return try loading.alone(threadCount, configure) {
            var message = [CChar](repeating: 0, count: 1024)
            let model = inputShapes.withShapes { shapes in
                lipsmith_openvino_load(
                    handle, modelPath, shapes.baseAddress, shapes.count, &message, message.count)
            }
            guard let model else {
                throw InferenceError(.modelUnreadable, detail: "\(modelPath): \(text(message))")
            }
            if let cache, let content = exported(model) { cache.write(name, content) }
            return OpenVINOSession(model: model, runtime: self)
        }
    }

    /// Loads a network whose sizes are given with each run. It is compiled each time: what is compiled is several times as
    /// large as the model, so that reading it would take longer.
    ///
    /// - Throws: `InferenceError` of kind `modelUnreadable`.
    public func loadDynamic(_ modelPath: String, threadCount: Int) throws -> any DynamicSession {
        try loading.alone(threadCount, configure) {
            var message = [CChar](repeating: 0, count: 1024)
            guard let model = lipsmith_openvino_load_dynamic(handle, modelPath, &message, message.count) else {
                throw InferenceError(.modelUnreadable, detail: "\(modelPath): \(text(message))")
            }
            return DynamicOpenVINOSession(model: model, runtime: self)
        }
    }

    private func configure(_ threadCount: Int) throws {
        guard lipsmith_openvino_configure(handle, Int32(threadCount)) == 0 else {
            throw InferenceError(.modelUnreadable, detail: "the runtime refuses \(threadCount) threads or f32")
        }
    }

    private func imported(_ content: Data) -> OpaquePointer? {
        content.withUnsafeBytes { lipsmith_openvino_import(handle, $0.baseAddress, $0.count) }
    }

    private func exported(_ model: OpaquePointer) -> Data? {
        var size = 0
        guard let content = lipsmith_openvino_export(model, &size) else { return nil }
        return Data(bytesNoCopy: content, count: size, deallocator: .free)
    }
}

/// The order in which networks are loaded: settings belong to the whole runtime, so that loads with different ones must
/// not run side by side. Imports with the same settings may; a compilation tells of its failure through the runtime's
/// one message, so it runs alone.
private final class LoadingOrder: @unchecked Sendable {
    private let condition = NSCondition()
    private var threadCount: Int?
    private var running = 0

    /// Runs `body` beside others with the same number of threads.
    func shared<Result>(
        _ threadCount: Int, _ configure: (Int) throws -> Void, _ body: () throws -> Result
    ) rethrows -> Result {
        try begin(threadCount, configure)
        defer {
            condition.lock()
            running -= 1
            condition.broadcast()
            condition.unlock()
        }
        return try body()
    }

    /// Runs `body` while no other runs.
    func alone<Result>(
        _ threadCount: Int, _ configure: (Int) throws -> Void, _ body: () throws -> Result
    ) rethrows -> Result {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        while running > 0 { condition.wait() }
        try set(threadCount, configure)
        return try body()
    }

    private func begin(_ threadCount: Int, _ configure: (Int) throws -> Void) rethrows {
        condition.lock()
        defer { condition.unlock() }
        while running > 0, self.threadCount != threadCount { condition.wait() }
        try set(threadCount, configure)
        running += 1
    }

    private func set(_ threadCount: Int, _ configure: (Int) throws -> Void) rethrows {
        guard self.threadCount != threadCount else { return }
        try configure(threadCount)
        self.threadCount = threadCount
    }
}

extension InputShapes {
    /// The same text for the same shapes.
    fileprivate var key: String {
        switch self {
        case .own: "[]"
        case .only(let shape): "\(shape)"
        case .named(let shapes):
            shapes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
    }

    /// Gives the shapes in C's form to `body`.
    fileprivate func withShapes<Result>(
        _ body: (UnsafeBufferPointer<lipsmith_openvino_shape>) -> Result
    ) -> Result {
        let shapes: [(name: String?, dimensions: [Int])] =
            switch self {
            case .own: []
            case .only(let dimensions): [(nil, dimensions)]
            case .named(let shapes): shapes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            }
        let dimensions = shapes.flatMap { $0.dimensions.map(Int64.init) }
        let names = shapes.map { $0.name.map { strdup($0) } }
        defer { for name in names { free(name ?? nil) } }
        return dimensions.withUnsafeBufferPointer { dimensions in
            var start = 0
            let all = zip(shapes, names).map { shape, name in
                defer { start += shape.dimensions.count }
                return lipsmith_openvino_shape(
                    name: name.flatMap { UnsafePointer($0) }, rank: Int64(shape.dimensions.count),
                    dimensions: dimensions.baseAddress.map { $0 + start })
            }
            return all.withUnsafeBufferPointer(body)
        }
    }
}

private final class OpenVINOSession: InferenceSession, @unchecked Sendable {
    private let model: OpaquePointer
    private let runtime: OpenVINO
    let inputNames: [String]
    let outputNames: [String]

    init(model: OpaquePointer, runtime: OpenVINO) {
        self.model = model
        self.runtime = runtime
        inputNames = (0..<lipsmith_openvino_input_total(model)).map {
            String(cString: lipsmith_openvino_input_name(model, $0))
        }
        outputNames = (0..<lipsmith_openvino_output_total(model)).map {
            String(cString: lipsmith_openvino_output_name(model, $0))
        }
    }

    deinit { lipsmith_openvino_unload(model) }

    func withInput<Result>(
        _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try body(
            UnsafeMutableBufferPointer(
                start: lipsmith_openvino_input(model, index), count: lipsmith_openvino_input_count(model, index)))
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

private final class DynamicOpenVINOSession: DynamicSession, @unchecked Sendable {
    private let model: OpaquePointer
    // The model needs its runtime.
    private let runtime: OpenVINO

    init(model: OpaquePointer, runtime: OpenVINO) {
        self.model = model
        self.runtime = runtime
    }

    deinit { lipsmith_openvino_unload(model) }

    func run(_ inputs: [String: Tensor], outputs: [String]) throws -> [[Float]] {
        for (name, tensor) in inputs {
            let status = set(name, tensor)
            guard status == 0 else {
                throw InferenceError(.runFailed, detail: "input \(name) \(tensor.shape): OpenVINO status \(status)")
            }
        }
        let status = lipsmith_openvino_infer(model)
        guard status == 0 else { throw InferenceError(.runFailed, detail: "OpenVINO status \(status)") }
        return try outputs.map { name in
            var count = 0
            guard let values = lipsmith_openvino_named_output(model, name, &count) else {
                throw InferenceError(.runFailed, detail: "there is no output \(name) of single precision")
            }
            return Array(UnsafeBufferPointer(start: values, count: count))
        }
    }

    private func set(_ name: String, _ tensor: Tensor) -> Int32 {
        name.withCString { name in
            tensor.shape.map(Int64.init).withUnsafeBufferPointer { dimensions in
                let shape = lipsmith_openvino_shape(
                    name: name, rank: Int64(dimensions.count), dimensions: dimensions.baseAddress)
                return switch tensor.values {
                case .floats(let values):
                    lipsmith_openvino_set_input(model, shape, lipsmith_openvino_floats, values)
                case .integers(let values):
                    lipsmith_openvino_set_input(model, shape, lipsmith_openvino_integers, values)
                }
            }
        }
    }
}

private func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
