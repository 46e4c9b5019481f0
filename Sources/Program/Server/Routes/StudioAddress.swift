import Foundation
import HTTP
import WebInterface

extension ServerConfiguration {
    /// The beginning of the studio's address, without a slash at the end: the public address, else the listening one as a
    /// browser on this machine can open it.
    ///
    /// - Parameter port: The port that the server listens on.
    func studioBase(port: Int) -> String {
        let local = ["0.0.0.0": "127.0.0.1", "::": "::1", "[::]": "::1"][host] ?? host
        let address = PublicAddress(
            configured: publicURL, fallback: HTTPServer.Address(host: local, port: port).url)
        return address.configured ?? address.fallback
    }

    /// Where a running server notes the beginning of the studio's address, for `lipsmith studio-link`.
    private var noted: String { dataFolder + "/studio-address" }

    /// Notes under which address the studio is reached; what cannot be noted is not.
    func noteStudio(port: Int) { try? studioBase(port: port).write(toFile: noted, atomically: true, encoding: .utf8) }

    /// The beginning of the studio's address: as the newest server on the data folder noted it, else as the settings tell it; nil where the port is chosen when the server starts.
    public var studioBase: String? {
        if publicURL == nil, let text = try? String(contentsOfFile: noted, encoding: .utf8), !text.isEmpty {
            return text
        }
        return port == 0 && publicURL == nil ? nil : studioBase(port: port)
    }
}
