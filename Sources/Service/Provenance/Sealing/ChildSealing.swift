public import ChildProtocol
import Foundation
import Text

/// What the confined child of a sealing does.
public struct ChildSealing {
    private let library: CredentialLibrary
    private let order: SealingOrder
    private let ask: (ChildQuestion) -> [UInt8]?

    /// - Parameters:
    ///   - folder: Of the runtime and the models.
    ///   - ask: Asks the parent; `nil` where it refuses.
    /// - Throws: `CredentialError` of kind `libraryMissing`.
    public init(_ order: SealingOrder, folder: String, ask: @escaping (ChildQuestion) -> [UInt8]?) throws {
        library = try CredentialLibrary(folder: folder)
        self.order = order
        self.ask = ask
    }

    /// What a manifest may add to a file, in bytes: with the manifests of sources in it, and theirs. A larger one is left out.
    private static let largestGrowth = 16 << 20

    /// Seals all files.
    ///
    /// - Throws: `CredentialError` of kind `signingFailed`.
    public func run() throws -> SealingOutcome {
        SealingOutcome(unreadIngredients: try order.files.map { try seal($0) })
    }

    /// Gives the positions of ingredients that are named without what they say of themselves.
    private func seal(_ file: SealingOrder.File) throws -> [Int] {
        let types = file.ingredients.map { $0.path.flatMap(ContentTypes.sniffed) }
        var unread = types.indices.filter { !order.readsIngredients || types[$0] == nil }
        while true {
            do {
                try write(file, types, unread: unread)
            } catch let failure as CredentialLibrary.SigningFailure {
                // Each ingredient is given up once, one that is found at fault alone, or else all.
                let found = failure.ingredient.map { readable(file, unread)[$0] }
                let left = found.map { [$0] } ?? readable(file, unread)
                guard !left.isEmpty else {
                    throw CredentialError(
                        .signingFailed, message: "The output cannot be signed.", suggestion: "Report it with the log.",
                        detail: failure.detail)
                }
                unread = (unread + left).sorted()
                continue
            }
            guard try growth(of: file) > Self.largestGrowth, !readable(file, unread).isEmpty else { return unread }
            unread = Array(file.ingredients.indices)
        }
    }

    private func readable(_ file: SealingOrder.File, _ unread: [Int]) -> [Int] {
        file.ingredients.indices.filter { !unread.contains($0) }
    }

    private func write(_ file: SealingOrder.File, _ types: [String?], unread: [Int]) throws {
        let source = try open(file.path)
        defer { try? source.close() }
        unlink(file.sealedPath)
        let descriptor = Glibc.open(file.sealedPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unwritable(file.sealedPath) }
        let target = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let ingredients = try readable(file, unread).map { index in
            CredentialLibrary.Ingredient(
                definition: file.ingredients[index].definition, contentType: types[index] ?? "",
                file: try open(file.ingredients[index].path ?? ""))
        }
        try library.sign(
            source, into: target, contentType: file.contentType,
            definition: try definition(of: file, naming: unread), ingredients: ingredients,
            by: CredentialLibrary.Signer(
                certificates: order.certificates, algorithm: try algorithm,
                sign: { ask(.signature(of: Data($0))) }))
        try target.close()
    }

    private var algorithm: SigningAlgorithm {
        get throws {
            guard let known = SigningAlgorithm(rawValue: order.algorithm) else {
                throw CredentialError(
                    .signingFailed, message: "The output cannot be signed.", suggestion: "Report it with the log.",
                    detail: "algorithm \(order.algorithm)")
            }
            return known
        }
    }

    /// The manifest, with those ingredients in it whose files are not read.
    private func definition(of file: SealingOrder.File, naming unread: [Int]) throws -> String {
        guard !unread.isEmpty, var members = try JSONValue(parsing: file.definition).object else {
            return file.definition
        }
        members["ingredients"] = .array(try unread.map { try JSONValue(parsing: file.ingredients[$0].definition) })
        return JSONValue.object(members).serialized
    }

    private func growth(of file: SealingOrder.File) throws -> Int {
        func size(_ path: String) -> Int {
            var facts = stat()
            return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
        }
        return size(file.sealedPath) - size(file.path)
    }

    private func open(_ path: String) throws -> FileHandle {
        guard let file = FileHandle(forReadingAtPath: path) else { throw Self.unwritable(path) }
        return file
    }

    private static func unwritable(_ path: String) -> CredentialError {
        CredentialError(
            .signingFailed, message: "The output cannot be signed.", suggestion: "Report it with the log.",
            detail: "\(path): \(String(cString: strerror(errno)))")
    }
}
