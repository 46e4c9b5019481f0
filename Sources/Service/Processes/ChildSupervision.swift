import Foundation
import Time

/// Starts a child, writes its input, reads its output and waits for its end, all on one thread.
struct ChildSupervision {
    private let launch: ChildLaunch
    private let stopping: StopSwitch
    private let onLine: ([UInt8]) -> Void

    private var identifier: pid_t = 0
    private var input: Int32 = -1
    private var output: Int32 = -1
    private var errors: Int32 = -1
    /// What standard input is still to get.
    private var pendingInput: ArraySlice<UInt8>
    /// Where more of it comes from, as long as more may come.
    private var laterInput: ChildInput?
    private var lines: LineSplitter
    private var errorTail = ByteTail(limit: 8192)
    private var cause: ChildExit.Cause?
    private var deadline = ContinuousClock.now

    /// How long a child that was written to may take to end after the end of its input.
    private static let endingTime = Duration.seconds(10)

    init(
        _ launch: ChildLaunch, laterInput: ChildInput?, stopping: StopSwitch, onLine: @escaping ([UInt8]) -> Void
    ) {
        self.launch = launch
        self.laterInput = laterInput
        pendingInput = launch.input[...]
        self.stopping = stopping
        self.onLine = onLine
        lines = LineSplitter(longestLine: launch.longestLine)
    }

    mutating func run() throws(ChildLaunchError) -> ChildExit {
        try start()
        defer { for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) } }
        deadline = ContinuousClock.now + launch.timeLimit
        while !hasEnded() {
            let remaining = deadline - .now
            if remaining <= .zero { end(.timedOut) }
            wait(atMost: remaining)
        }
        // Processes that the child started are killed too. It is not reaped yet, so its number is still its own.
        kill(-identifier, SIGKILL)
        readRest()
        return reap()
    }

    // MARK: Starting

    private mutating func start() throws(ChildLaunchError) {
        let channels = [try SocketPair(), try SocketPair(), try SocketPair()]
        defer { for channel in channels { close(channel.child) } }
        (input, output, errors) = (channels[0].parent, channels[1].parent, channels[2].parent)
        for descriptor in [input, output, errors] { SocketPair.neverBlock(descriptor) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, channel) in channels.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, channel.child, Int32(number))
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        // Signals that this process ignores or blocks are reset to their defaults for the child.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)

        var words: [UnsafeMutablePointer<CChar>?] = ([launch.executable] + launch.arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = launch.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        let status = posix_spawn(&identifier, launch.executable, &actions, &attributes, &words, &variables)
        guard status == 0 else {
            for descriptor in [input, output, errors] { close(descriptor) }
            throw ChildLaunchError(
                description: "\(launch.executable): \(String(cString: strerror(status)))", number: status)
        }
    }

    // MARK: Waiting

    /// Whether the child has ended; it stays unreaped.
    private func hasEnded() -> Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT)
        // Other code of this process may have reaped it by mistake.
        if result < 0, errno == ECHILD { return true }
        return result == 0 && information._sifields._sigchld.si_pid == identifier
    }

    private mutating func end(_ reason: ChildExit.Cause) {
        if cause == nil { cause = reason }
        kill(-identifier, SIGKILL)
    }

    private mutating func wait(atMost remaining: Duration) {
        if pendingInput.isEmpty, laterInput == nil, input >= 0 {
            close(input)
            input = -1
        }
        var entries = [pollfd(fd: cause == nil ? stopping.descriptor : -1, events: Int16(POLLIN), revents: 0)]
        entries.append(pollfd(fd: output, events: Int16(POLLIN), revents: 0))
        entries.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0))
        entries.append(pollfd(fd: pendingInput.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0))
        entries.append(pollfd(fd: laterInput?.descriptor ?? -1, events: Int16(POLLIN), revents: 0))
        // The end of a child whose channels stay open, or were closed before, wakes no poll, so it is checked
        // regularly.
        let pause: Int64 = output < 0 && errors < 0 ? 5 : 250
        let milliseconds = min(pause, max(1, remaining.inMilliseconds))
        guard poll(&entries, nfds_t(entries.count), Int32(milliseconds)) > 0 else { return }
        if entries[0].revents != 0 { end(.stopped) }
        if entries[1].revents != 0 { readOutput() }
        if entries[2].revents != 0 { readErrors() }
        if entries[3].revents != 0 { writeInput() }
        if entries[4].revents != 0 { takeInput() }
    }

    private mutating func takeInput() {
        guard let more = laterInput?.take() else { return }
        pendingInput += more.bytes
        guard !more.isOpen else { return }
        laterInput = nil
        deadline = min(deadline, .now + Self.endingTime)
    }

    private mutating func writeInput() {
        let count = pendingInput.withUnsafeBytes { bytes in
            // Without the flag a child that ends early would end this process with a signal.
            send(input, bytes.baseAddress, min(bytes.count, 1 << 16), Int32(MSG_NOSIGNAL))
        }
        if count > 0 { pendingInput = pendingInput.dropFirst(count) }
        // A child that does not read its input reports the reason otherwise.
        if count < 0, errno != EAGAIN, errno != EINTR { (pendingInput, laterInput) = ([], nil) }
    }

    private mutating func readOutput() {
        guard let bytes = Self.read(&output) else { return }
        for line in lines.add(bytes) where cause == nil { onLine(line) }
        if lines.hasOverflowed || lines.byteCount > launch.mostOutput { end(.flooded) }
    }

    private mutating func readErrors() {
        guard let bytes = Self.read(&errors) else { return }
        errorTail.add(bytes)
    }

    /// The bytes that can be read without waiting; `nil` when there are none, and at the end, which closes the
    /// descriptor.
    private static func read(_ descriptor: inout Int32) -> [UInt8]? {
        guard descriptor >= 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        guard count > 0 else {
            close(descriptor)
            descriptor = -1
            return nil
        }
        return Array(buffer[..<count])
    }

    // Output written before the end is still in the channels, at most as much as their buffers hold.
    private mutating func readRest() {
        for _ in 0..<64 where output >= 0 {
            let before = lines.byteCount
            readOutput()
            if lines.byteCount == before { break }
        }
        for _ in 0..<64 where errors >= 0 {
            let before = errorTail.byteCount
            readErrors()
            if errorTail.byteCount == before { break }
        }
        if let last = lines.finish(), cause == nil { onLine(last) }
    }

    private func reap() -> ChildExit {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(identifier, &status, 0, &usage) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let ownCause: ChildExit.Cause = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
        return ChildExit(
            cause: cause ?? ownCause, errorTail: errorTail.text, peakBytes: Int64(usage.ru_maxrss) * 1024)
    }
}
