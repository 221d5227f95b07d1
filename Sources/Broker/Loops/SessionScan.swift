import MQTTProtocol
import MQTTWire
import RetainedStore

/// The retained messages that one new subscription is still owed.
struct SessionScan {
    let filter: TopicFilter
    let subscriber: Subscriber
    var scan: RetainedScan
    /// What has been read of it and not been sent.
    var readAhead = RetainedReadAhead()
    /// Where the session's queue ended when the scan could first have begun: it begins when all of that has been sent, as it
    /// may be older values of the same topics (R1). `nil` before.
    var queueEnd: UInt64?
}
