import MQTTWire

extension TopicFilter {
    /// Calls `body` with the share name's bytes; the filter must be shared.
    func withShareName<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        precondition(isShared, "the filter has no share name")
        return bytes.withUnsafeBytes { bytes in
            // `$share/` stands in front of the name and `/` behind it.
            body(UnsafeRawBufferPointer(rebasing: bytes[7..<(matchedOffset - 1)]))
        }
    }
}
