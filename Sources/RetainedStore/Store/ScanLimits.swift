/// What one slice of a scan may cost.
///
/// A slice ends at whichever is reached first, so that a scan on an event loop never stalls the loop, whatever its
/// filter (`+/+/+/x` may have to pass over a million keys to find one).
public struct ScanLimits: Hashable, Sendable {
    /// Messages handed out.
    public var recordsMax = 256
    /// Bytes of topics, properties and payloads handed out; the message that passes it is still handed out.
    public var bytesMax = 1 << 20
    /// Positionings of cursors, and keys stepped over without being handed out.
    public var seeksMax = 1_024

    public init() {}
}
