import CCurl
import Foundation
import Time

/// One transfer of a client, used by one thread from its start to its end: alone by `run`, or beside others in a loop.
final class Transfer {
    private let request: HTTPClientRequest
    private let configuration: HTTPClientConfiguration
    /// The file for the body; `nil` keeps it in memory.
    private let path: String?
    private let maximumBytes: Int64
    /// How much of the body is wanted, in bytes; `nil` for all of it.
    private let prefixBytes: Int?
    private let control: TransferControl

    private(set) var easy: UnsafeMutableRawPointer?
    private var multi: UnsafeMutableRawPointer?
    /// Whether the multi handle is for this transfer alone.
    private var ownsMulti = false
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var destination: Int32 = -1
    private var source: Int32 = -1
    private var sourceBytes: [UInt8] = []
    private var sourceOffset = 0

    /// For how much of an announced body memory is set aside at once, in bytes: a server may announce anything.
    private static let reservedByteCount = 8 << 20

    private var headers = HTTPHeaders()
    private var bytes: [UInt8] = []
    private var byteCount: Int64 = 0
    private var rate: TransferRate
    private var refusal: HTTPClientError?
    private var isTooLarge = false
    /// Whether the head of the final response has arrived, not that of a redirect or of "100 Continue".
    private var hasFinalHead = false
    private var storageFailure: Int32 = 0

    init(
        _ request: HTTPClientRequest, _ configuration: HTTPClientConfiguration, path: String?, maximumBytes: Int64,
        prefixBytes: Int?, control: TransferControl
    ) {
        self.request = request
        self.configuration = configuration
        self.path = path
        self.maximumBytes = maximumBytes
        self.prefixBytes = prefixBytes
        self.control = control
        rate = TransferRate(
            bytesPerSecond: configuration.lowSpeedBytesPerSecond, window: configuration.lowSpeedTime)
    }

    /// Runs the transfer alone, to its end.
    func run() -> Result<HTTPClientResponse, any Error> {
        do {
            guard lipsmith_curl_initialise() == CURLE_OK, let multi = curl_multi_init() else {
                throw HTTPClientError(.unreachable, detail: "libcurl does not start")
            }
            ownsMulti = true
            try begin(in: multi)
            return .success(try perform())
        } catch {
            if destination >= 0, let path { unlink(path) }
            return .failure(error)
        }
    }

    /// Adds the transfer to those of a multi handle, which outlives it.
    func begin(in multi: UnsafeMutableRawPointer) throws {
        self.multi = multi
        control.attach(multi)
        try prepare(multi)
    }

    /// Ends the use of the handles. May wait for a name server.
    func cleanUp() {
        control.detach()
        if let easy, let multi { curl_multi_remove_handle(multi, easy) }
        if let easy { curl_easy_cleanup(easy) }
        if ownsMulti, let multi { curl_multi_cleanup(multi) }
        curl_slist_free_all(fields)
        if destination >= 0 { close(destination) }
        if source >= 0 { close(source) }
    }

    // MARK: Preparing

    private func prepare(_ multi: UnsafeMutableRawPointer) throws {
        guard let url = RequestAddress.encoded(request.url) else { throw HTTPClientError(.invalidURL) }
        // libcurl takes an international host name for the locale's text; the thread ends with its transfer.
        lipsmith_curl_use_utf8()
        guard let easy = curl_easy_init() else {
            throw HTTPClientError(.unreachable, detail: "libcurl does not start")
        }
        self.easy = easy
        if let path {
            destination = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard destination >= 0 else { throw storageError(errno) }
        }
        set(CURLOPT_URL, url)
        // A redirect may go from http to https, never back, and never anywhere else.
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, url.lowercased().hasPrefix("https:") ? "https" : "http,https")
        set(CURLOPT_FOLLOWLOCATION, configuration.maximumRedirects > 0 ? 1 : 0)
        set(CURLOPT_MAXREDIRS, min(max(configuration.maximumRedirects, 0), 20))
        // An empty proxy keeps the environment's away, which would have the guard see the proxy's address.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_USERAGENT, configuration.userAgent)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(configuration.connectTimeout))
        set(CURLOPT_TIMEOUT_MS, milliseconds(request.timeout ?? configuration.totalTimeout))
        if let stallTime = request.stallTime {
            set(CURLOPT_LOW_SPEED_LIMIT, 1)
            set(CURLOPT_LOW_SPEED_TIME, Int(max(1, stallTime.components.seconds)))
        }
        lipsmith_curl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, Int(maximumBytes))
        prepareMethod(easy)
        try prepareBody(easy)
        for (name, value) in request.headers where HTTPHeaders.isWritable(name: name, value: value) {
            // libcurl drops a field without a value unless it ends in a semicolon.
            fields = curl_slist_append(fields, value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        // Without a value these keep away what libcurl would add by itself.
        fields = curl_slist_append(fields, "Expect:")
        if request.headers["Content-Type"] == nil { fields = curl_slist_append(fields, "Content-Type:") }
        lipsmith_curl_set_list(easy, CURLOPT_HTTPHEADER, fields)
        prepareCallbacks(easy)
        curl_multi_add_handle(multi, easy)
    }

    private func prepareMethod(_ easy: UnsafeMutableRawPointer) {
        switch request.method {
        case .get: set(CURLOPT_HTTPGET, 1)
        case .head: set(CURLOPT_NOBODY, 1)
        case .put: set(CURLOPT_UPLOAD, 1)
        case .post: set(CURLOPT_POST, 1)
        case .patch:
            set(CURLOPT_UPLOAD, 1)
            set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        default: set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func prepareBody(_ easy: UnsafeMutableRawPointer) throws {
        let size: Int64
        switch request.body {
        case .none: size = 0
        case .bytes(let bytes):
            sourceBytes = bytes
            size = Int64(bytes.count)
        case .file(let path):
            source = open(path, O_RDONLY | O_CLOEXEC)
            var facts = stat()
            guard source >= 0, fstat(source, &facts) == 0 else { throw storageError(errno) }
            size = Int64(facts.st_size)
        }
        lipsmith_curl_set_offset(
            easy, request.method == .post ? CURLOPT_POSTFIELDSIZE_LARGE : CURLOPT_INFILESIZE_LARGE, Int(size))
    }

    private func prepareCallbacks(_ easy: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        lipsmith_curl_set_write(
            easy, { bytes, size, count, context in Transfer.from(context).receive(bytes, size * count) }, context)
        lipsmith_curl_set_header(
            easy, { bytes, size, count, context in Transfer.from(context).header(bytes, size * count) }, context)
        lipsmith_curl_set_read(
            easy, { bytes, size, count, context in Transfer.from(context).provide(bytes, size * count) }, context)
        lipsmith_curl_set_seek(
            easy, { context, offset, origin in Transfer.from(context).rewind(offset, origin) }, context)
        lipsmith_curl_set_socket(
            easy, { context, _, address in Transfer.from(context).openSocket(address) }, context)
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        guard let context else { preconditionFailure("libcurl lost its context") }
        return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    private func set(_ option: CURLoption, _ value: Int) { lipsmith_curl_set_long(easy, option, value) }
    private func set(_ option: CURLoption, _ value: String) { lipsmith_curl_set_string(easy, option, value) }

    private func milliseconds(_ duration: Duration) -> Int { Int(max(1, duration.inNanoseconds / 1_000_000)) }

    // MARK: Running

    private func perform() throws -> HTTPClientResponse {
        var running: Int32 = 1
        while running > 0 {
            let code = curl_multi_perform(multi, &running)
            guard code == CURLM_OK else { throw HTTPClientError(.unreachable, detail: "libcurl: \(code.rawValue)") }
            try checkProgress()
            if running > 0 { curl_multi_poll(multi, nil, 0, 1000, nil) }
        }
        var finished: UnsafeMutableRawPointer?
        var result = CURLE_OK
        guard lipsmith_curl_finished(multi, &finished, &result) == 1 else { throw failure(result) }
        return try response(after: result)
    }

    /// Throws where the transfer is to end before its time: its task is cancelled, or too little arrives.
    func checkProgress() throws {
        if control.isCancelled { throw CancellationError() }
        if byteCount > 0, rate.isBelowFloor(byteCount: byteCount, at: .nanoseconds(MonotonicTime.now().nanoseconds)) {
            throw HTTPClientError(.tooSlow, detail: "\(byteCount) bytes so far")
        }
    }

    /// What has been received when libcurl says that the transfer is over.
    func response(after result: CURLcode) throws -> HTTPClientResponse {
        if control.isCancelled { throw CancellationError() }
        guard result == CURLE_OK || (prefixBytes != nil && hasFinalHead && storageFailure == 0) else {
            throw failure(result)
        }
        var status = 0
        lipsmith_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        var url: UnsafePointer<CChar>?
        lipsmith_curl_get_string(easy, CURLINFO_EFFECTIVE_URL, &url)
        return HTTPClientResponse(
            status: HTTPStatus(rawValue: status), headers: headers, url: url.map { String(cString: $0) } ?? request.url,
            byteCount: byteCount, bytes: bytes)
    }

    private func failure(_ result: CURLcode) -> HTTPClientError {
        if storageFailure != 0 { return storageError(storageFailure) }
        let detail = String(cString: curl_easy_strerror(result))
        if isTooLarge { return HTTPClientError(.tooLarge, detail: detail) }
        switch result {
        case CURLE_URL_MALFORMAT: return HTTPClientError(.invalidURL, detail: detail)
        case CURLE_FILESIZE_EXCEEDED: return HTTPClientError(.tooLarge, detail: detail)
        case CURLE_OPERATION_TIMEDOUT:
            var requestBytes = 0
            lipsmith_curl_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes)
            return HTTPClientError(requestBytes > 0 ? .timedOut : .unreachable, detail: detail)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            return HTTPClientError(.endedEarly, detail: detail)
        case CURLE_TOO_MANY_REDIRECTS, CURLE_UNSUPPORTED_PROTOCOL:
            return HTTPClientError(.refusedRedirect, detail: detail)
        default:
            return refusal ?? HTTPClientError(.unreachable, detail: detail)
        }
    }

    private func storageError(_ code: Int32) -> HTTPClientError {
        HTTPClientError(.storageFailed, detail: String(cString: strerror(code)))
    }

    // MARK: Called by libcurl

    /// A socket for an address and a port that the policy allows; every connection of the transfer passes here.
    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let address, let generic = lipsmith_curl_address(address) else { return -1 }
        guard let parsed = NetworkAddress(generic), configuration.network.allows(parsed) else {
            let detail = NetworkAddress(generic)?.description ?? "neither IPv4 nor IPv6"
            refusal = HTTPClientError(.refusedAddress, detail: detail)
            return -1
        }
        let port = NetworkPort.number(generic)
        guard configuration.network.allows(port: port) else {
            refusal = HTTPClientError(.refusedPort, detail: "port \(port)")
            return -1
        }
        return socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }

    private func header(_ start: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let line = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A further response: that of a redirect's target, or the one after "100 Continue".
            headers = HTTPHeaders()
            hasFinalHead = false
        } else if line == "\r\n" || line == "\n" {
            var status = 0
            lipsmith_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
            let leads = configuration.maximumRedirects > 0 && (300..<400).contains(status)
            hasFinalHead = status >= 200 && !leads
            // Growing by doubling would take twice the memory.
            if hasFinalHead, destination < 0, prefixBytes == nil, request.method != .head,
                let announced = headers["Content-Length"].flatMap({ Int($0) }), announced > 0
            {
                bytes.reserveCapacity(min(announced, Self.reservedByteCount))
            }
        } else if let colon = line.firstIndex(of: ":") {
            headers.add(
                String(line[..<colon]),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return count
    }

    /// Returning less than was given makes libcurl stop.
    private func receive(_ start: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard byteCount + Int64(count) <= maximumBytes else {
            isTooLarge = true
            return 0
        }
        byteCount += Int64(count)
        var rest = UnsafeRawBufferPointer(start: start, count: count)
        guard destination >= 0 else {
            bytes += rest
            return prefixBytes.map { bytes.count >= $0 } == true ? 0 : count
        }
        while !rest.isEmpty {
            let written = write(destination, rest.baseAddress, rest.count)
            if written < 0, errno != EINTR {
                storageFailure = errno
                return 0
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(written, 0)))
        }
        return count
    }

    private func provide(_ start: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        if source >= 0 {
            let result = read(source, start, count)
            return result >= 0 ? result : Int(CURL_READFUNC_ABORT)
        }
        let moved = min(count, sourceBytes.count - sourceOffset)
        sourceBytes.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: start, count: count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[sourceOffset..<sourceOffset + moved]))
        }
        sourceOffset += moved
        return moved
    }

    /// Only to send the body again after a redirect.
    private func rewind(_ offset: Int, _ origin: Int32) -> Int32 {
        guard origin == SEEK_SET, offset >= 0 else { return CURL_SEEKFUNC_FAIL }
        if source >= 0 { return lseek(source, offset, SEEK_SET) == offset ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL }
        guard offset <= sourceBytes.count else { return CURL_SEEKFUNC_FAIL }
        sourceOffset = Int(offset)
        return CURL_SEEKFUNC_OK
    }
}
