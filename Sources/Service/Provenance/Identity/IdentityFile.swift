import Foundation
public import Time

/// The file in which a machine keeps the identity of its installation.
public enum IdentityFile {
    /// Its name in a data folder, or in the user's folder for settings.
    public static let name = "signing-identity.pem"

    /// The text of the file; made where there is none. Of several processes that make one at the same moment, one does and
    /// all have its text.
    ///
    /// - Throws: `CredentialError` where it can be neither read nor made.
    public static func text(in folder: String, now: Timestamp) throws(CredentialError) -> String {
        let path = "\(folder)/\(name)"
        if let text = try? String(contentsOfFile: path, encoding: .utf8) { return text }
        guard access(path, F_OK) != 0 else { throw failure("cannot be read", path) }
        return try keep(try SigningIdentity.makeInstallationText(now: now), in: folder)
    }

    /// The certificate by which the signatures of a folder's identity are told, in PEM; `nil` where there is none.
    public static func anchors(in folder: String) -> String? {
        guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8),
            let identity = try? InstallationIdentity(text: text)
        else { return nil }
        return try? identity.authority.pem()
    }

    /// Keeps a text unless there is one, and gives what is kept.
    ///
    /// - Throws: `CredentialError` where it can be neither read nor made.
    @discardableResult
    public static func keep(_ text: String, in folder: String) throws(CredentialError) -> String {
        let path = "\(folder)/\(name)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw failure("cannot be made", "\(error)") }
        let unfinished = "\(path).\(UUID().uuidString)"
        defer { unlink(unfinished) }
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be made", "\(unfinished): \(lastError)") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw failure("cannot be made", "\(unfinished): \(lastError)")
        }
        // A link replaces nothing: the first process wins, and the file is whole when it gets its name.
        guard link(unfinished, path) == 0 || errno == EEXIST else { throw failure("cannot be made", lastError) }
        guard let kept = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw failure("cannot be read", path)
        }
        return kept
    }

    private static var lastError: String { String(cString: strerror(errno)) }

    private static func failure(_ predicate: String, _ detail: String) -> CredentialError {
        CredentialError(
            .identityUnusable, message: "The key for credentials \(predicate).",
            suggestion: "Make its folder writable, name a key of your own (--credentials-key), or turn credentials off "
                + "(--credentials off).", detail: detail)
    }
}
