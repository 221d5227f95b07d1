import Synchronization

/// Runs asynchronous work that waits for nothing but other actors to its end, on the thread that asks.
final class ImmediateExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    private init() {}

    /// What the work comes to.
    ///
    /// - Returns: `nil` if it waited for something else after all.
    static func value<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value? {
        let executor = ImmediateExecutor()
        let result = Result<Value>()
        Task.detached(executorPreference: executor) {
            let value = await work()
            result.value.withLock { $0 = value }
        }
        executor.run()
        return result.value.withLock { $0 }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    private func run() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    private final class Result<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
