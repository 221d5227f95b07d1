internal import Glibc

/// The one short lock that makes journal order, version order, visible order and live order the same.
///
/// A pthread mutex rather than `Synchronization.Mutex` because threads wait on conditions under it (which
/// `Synchronization` has none of), and an adaptive one because it is held for microseconds: spinning is cheaper than
/// sleeping.
final class OrderLock: @unchecked Sendable {
    // The mutex does its own synchronisation; its address is fixed from `init` to `deinit`.
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() {
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ADAPTIVE_NP))
        mutex.initialize(to: pthread_mutex_t())
        let code = pthread_mutex_init(mutex, &attributes)
        precondition(code == 0, "pthread_mutex_init failed with \(code)")
        pthread_mutexattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    @inline(__always)
    func lock() {
        let code = pthread_mutex_lock(mutex)
        assert(code == 0, "pthread_mutex_lock failed with \(code)")
    }

    @inline(__always)
    func unlock() {
        let code = pthread_mutex_unlock(mutex)
        assert(code == 0, "pthread_mutex_unlock failed with \(code)")
    }

    @inline(__always)
    func withLock<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body()
    }
}
