/// A scan between two batches.
final class OpenScan: @unchecked Sendable {
    // Touched in the thread of the client that it was begun by, and by nobody else.
    var scan: RetainedScan

    init(filter: String) {
        let filter = Array(filter.utf8)
        scan = filter.withUnsafeBytes { RetainedScan(filter: $0, upToVersion: .max) }
    }
}
