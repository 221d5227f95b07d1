import Dispatch
import Testing

/// A thread for histories, which keep a processor busy for minutes.
///
/// Swift's concurrency has as many threads as the machine has processors. Histories on two of them would let no other
/// test of the process go on, whose clients and brokers meanwhile run into their time limits.
final class SimulationThread: TaskExecutor {
    static let shared = SimulationThread()

    private let queue = DispatchQueue(label: "simulation")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs a suite's tests on ``SimulationThread``.
struct OnSimulationThread: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(SimulationThread.shared, operation: function)
    }
}

extension Trait where Self == OnSimulationThread {
    static var onSimulationThread: Self { Self() }
}
