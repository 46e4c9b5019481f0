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

    /// The beginning of the studio's address as the settings tell it; nil where the port is chosen when the server starts.
    public var studioBase: String? { port == 0 && publicURL == nil ? nil : studioBase(port: port) }
}
