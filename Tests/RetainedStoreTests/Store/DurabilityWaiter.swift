import Glibc

@testable import RetainedStore

extension RetainedStore {
    /// Returns when an LSN is durable, or the store has failed; nil in that case.
    @discardableResult
    func waitUntilDurable(_ lsn: UInt64) -> UInt64? {
        while durableLSN < lsn {
            if case .failed = statistics.health { return nil }
            usleep(100)
        }
        return durableLSN
    }
}
