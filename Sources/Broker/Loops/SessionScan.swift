import MQTTProtocol
import MQTTWire
import RetainedStore

/// The retained messages that one new subscription is still owed.
struct SessionScan {
    let filter: TopicFilter
    let subscriber: Subscriber
    var scan: RetainedScan
}
