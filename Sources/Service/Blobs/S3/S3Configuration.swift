import Foundation
package import Time

/// What a store in S3 needs to know.
public struct S3Configuration: Sendable {
    /// How clients get stored files.
    public enum Downloads: String, Hashable, Sendable {
        /// By an address of the service that is good for a while: the bytes do not pass through this server, whose clients
        /// must reach the service.
        case redirect
        /// Through this server: clients need to reach nothing else.
        case proxy
    }

    /// Where the files are.
    public var address: S3Address
    /// The name of this installation: of all servers that share one database. Another one's bucket is refused.
    public var installation: String
    /// The credentials; nil to look for them in `environment`, in the shared file and on the machine's metadata service.
    public var credentials: S3Credentials?
    /// Where `AWS_…` variables are read from.
    public var environment = ProcessInfo.processInfo.environment
    /// How clients get stored files.
    public var downloads = Downloads.redirect
    /// How long an address that clients are sent to is good, 1 second to 7 days. Too short, and a player that goes on after
    /// a pause fails; too long, and whoever has seen an address keeps the file.
    public var linkValidity = Duration.seconds(3600)
    /// How long files that are not referred to are kept in quarantine before they are deleted.
    public var quarantineTime = Duration.seconds(7 * 86_400)
    /// How many transfers run at once. More use more memory, a part's size each; fewer let requests wait for each other.
    public var simultaneousTransfers = 16
    /// Called when something has been put right by itself.
    public var notice: @Sendable (S3Notice) -> Void = { _ in }

    /// How failed requests are sent again.
    package var retries = S3Retries()
    /// How long nothing may move in a transfer before it is begun anew.
    package var stallTime = Duration.seconds(20)
    /// The size of the first parts of a large file, in bytes. S3 takes none below 5 MiB but the last.
    package var partByteCount = 8 << 20
    /// The largest file that S3 copies at once, in bytes.
    package var copyByteLimit: Int64 = 5 << 30
    /// How many objects are listed at once, 1 … 1000.
    package var pageSize = 1000
    /// Unfinished uploads are given up when they are this old: no upload takes so long.
    package var leftoverAge = Duration.seconds(2 * 86_400)
    /// The service that knows a machine's credentials: a link-local address that exists on machines in clouds alone.
    package var metadataURL = "http://169.254.169.254"
    /// The time of day that signatures are made with.
    package var clock: any WallClock = SystemClock()

    /// Makes a configuration of defaults.
    public init(address: S3Address, installation: String) {
        self.address = address
        self.installation = installation
    }

    /// The region that is asked first.
    var firstRegion: String {
        address.region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "us-east-1"
    }
}
