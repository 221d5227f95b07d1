/// Runs an actor's jobs in a thread of its own, because they wait for the disk, which no thread of the cooperative pool may.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    // `jobs` and `isStopping` are guarded by `lock`.

    private let lock = OrderLock()
    private let arrived = OrderCondition()
    private var jobs: [UnownedJob] = []
    private var isStopping = false

    /// Starts the thread, which keeps this object until ``stop()``.
    ///
    /// - Parameter name: At most 15 bytes.
    init(name: String) throws(EnvironmentError) {
        try BackgroundThread(name: name) { self.run() }.detach()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        lock.withLock {
            jobs.append(job)
            arrived.signal()
        }
    }

    /// Ends the thread, after the jobs that it has.
    func stop() {
        lock.withLock {
            isStopping = true
            arrived.signal()
        }
    }

    private func run() {
        while true {
            let batch = lock.withLock { () -> [UnownedJob] in
                while jobs.isEmpty, !isStopping { arrived.wait(lock) }
                defer { jobs.removeAll() }
                return jobs
            }
            if batch.isEmpty { return }
            for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }
}
