public import NIOCore

/// The properties of a PUBLISH that every receiver gets unaltered (3.3.2.3): payload format indicator, content type,
/// response topic, correlation data and user properties, as they stand on the wire, without a length in front.
///
/// Usually they are one slice of the packet: a topic alias or an expiry before or behind them does not matter. Only
/// when one stands in between are there several runs, and taking them costs a copy. Valid as long as the packet.
@frozen
public struct ForwardedProperties {
    /// From the first forwarded property through the last, with whatever stands in between.
    @usableFromInline let extent: UnsafeRawBufferPointer

    /// How many bytes there are.
    public let byteCount: Int

    /// No properties.
    @inlinable
    public init() {
        extent = UnsafeRawBufferPointer(start: nil, count: 0)
        byteCount = 0
    }

    @usableFromInline
    init(extent: UnsafeRawBufferPointer, byteCount: Int) {
        self.extent = extent
        self.byteCount = byteCount
    }

    @inlinable public var isEmpty: Bool { byteCount == 0 }

    /// All of them as one slice, without a copy; nil where something else stands in between.
    @inlinable public var contiguous: UnsafeRawBufferPointer? { extent.count == byteCount ? extent : nil }

    /// Calls `body` with all of them as one slice, copied to the stack first if need be.
    @inlinable
    public func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        if let contiguous { return try body(contiguous) }
        return try withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 1) { copy in
            copyRuns(to: copy)
            return try body(UnsafeRawBufferPointer(copy))
        }
    }

    /// Appends them to `buffer`.
    @inlinable
    public func append(to buffer: inout ByteBuffer) {
        if let contiguous {
            buffer.writeBytes(contiguous)
        } else {
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: byteCount) { free in
                copyRuns(to: free)
                return byteCount
            }
        }
    }

    /// Copies them to the beginning of `destination`, which has room for `byteCount` bytes at least.
    @usableFromInline
    func copyRuns(to destination: UnsafeMutableRawBufferPointer) {
        var written = 0
        forEachRun { run in
            UnsafeMutableRawBufferPointer(rebasing: destination[written...]).copyMemory(from: run)
            written += run.count
        }
    }
}
