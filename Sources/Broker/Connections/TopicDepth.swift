import MQTTWire

/// How deep topics and filters may be where a listener allows fewer levels than the protocol's own limit.
enum TopicDepth {
    /// Whether a topic has no more levels than it may; 0 for any.
    static func isWithin(levels: Int, _ topic: UnsafeRawBufferPointer) -> Bool {
        levels == 0 || topic.count { $0 == UInt8(ascii: "/") } < levels
    }
}

extension TopicFilter {
    /// Whether a filter has no more levels than it may; 0 for any. The name of a shared subscription's group counts for none.
    func isWithin(levels: Int) -> Bool {
        levels == 0 || bytes.count { $0 == UInt8(ascii: "/") } - (bytes.starts(with: "$share/".utf8) ? 2 : 0) < levels
    }
}
