/// What one kill of a loaded broker did.
struct KillOutcome: Codable, Equatable, Sendable {
    /// How the process was killed.
    enum Kind: String, Codable, Sendable {
        /// `SIGKILL`: what was written to the page cache is kept.
        case killed
        /// `SIGKILL` while what was not synced was in the process's memory: that is lost, as by a power cut.
        case powerCut
    }

    var kind: Kind
    /// Seconds of load before the kill.
    var loadSeconds: Double
    var acknowledged: Int
    /// Acknowledged messages that were gone after the restart.
    var lost: Int
    /// How long before the kill the oldest of them had been acknowledged.
    var lossWindowMilliseconds: Double
    /// Topics that held something that was never sent to them.
    var invented: Int
    /// From the start of the new process to the first acknowledged message.
    var recoverySeconds: Double
    /// The load itself.
    var load: LoadReport
    /// Shares of messages and the time within which they were acknowledged, for a plot.
    var latencies: [LatencyQuantile]
    /// Bytes of new journal segments, which are filled with zeros once and recycled from then on.
    var bytesPrepared: Int
    /// Bytes that the loaded process made the kernel write beyond those, per acknowledged message.
    var bytesWrittenPerMessage: Double
}
