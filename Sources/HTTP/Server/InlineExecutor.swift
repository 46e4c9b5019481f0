import Foundation

/// Runs the beginning of a handler on the connection's own thread, up to its first wait; whatever follows runs on the
/// shared pool. A handler that never waits thus costs no change of threads, which would double the cost of a request.
final class InlineExecutor: TaskExecutor {
    static let shared = InlineExecutor()

    private final class Jobs {
        var waiting: [UnownedJob] = []
    }

    private let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let jobs = pthread_getspecific(key) {
            Unmanaged<Jobs>.fromOpaque(jobs).takeUnretainedValue().waiting.append(job)
        } else {
            globalConcurrentExecutor.enqueue(ExecutorJob(job))
        }
    }

    /// Runs a function that starts tasks on this executor, and then those tasks until they wait.
    func run(_ start: () -> Void) {
        let jobs = Jobs()
        pthread_setspecific(key, Unmanaged.passUnretained(jobs).toOpaque())
        start()
        var next = 0
        while next < jobs.waiting.count {
            jobs.waiting[next].runSynchronously(on: asUnownedTaskExecutor())
            next += 1
        }
        pthread_setspecific(key, nil)
        withExtendedLifetime(jobs) {}
    }
}
