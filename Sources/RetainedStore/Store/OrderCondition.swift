internal import Glibc

/// A condition that threads holding an `OrderLock` wait for, by the monotonic clock.
final class OrderCondition: @unchecked Sendable {
    // The condition variable does its own synchronisation; its address is fixed from `init` to `deinit`.
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        condition.initialize(to: pthread_cond_t())
        let code = pthread_cond_init(condition, &attributes)
        precondition(code == 0, "pthread_cond_init failed with \(code)")
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
    }

    /// Releases the lock, sleeps, takes it again; may return without reason.
    func wait(_ lock: OrderLock) {
        pthread_cond_wait(condition, lock.mutex)
    }

    /// The same, until a moment of the monotonic clock at the latest; nil: for ever.
    func wait(_ lock: OrderLock, until deadline: MonotonicTime?) {
        guard let deadline else { return wait(lock) }
        var time = deadline.timespec
        pthread_cond_timedwait(condition, lock.mutex, &time)
    }

    func signal() {
        pthread_cond_signal(condition)
    }

    func broadcast() {
        pthread_cond_broadcast(condition)
    }
}
