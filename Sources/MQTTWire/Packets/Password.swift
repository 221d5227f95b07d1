import Glibc

/// The password of a CONNECT (3.1.3.6 Password): its bytes are wiped when the last reference goes.
///
/// Any binary data. Its description does not show it, and it is not comparable: comparing secrets is the business of
/// whoever has the time-constant means to do so.
public final class Password: Sendable {
    private nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
    // Written in init and wiped in deinit only, so that concurrent readers are safe.

    public init(copying source: some Collection<UInt8>) {
        bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
        bytes.copyBytes(from: source)
    }

    /// The UTF-8 of a string, for clients and tests; the string itself cannot be wiped.
    public convenience init(_ string: String) {
        self.init(copying: string.utf8)
    }

    deinit {
        if let address = bytes.baseAddress { explicit_bzero(address, bytes.count) }
        bytes.deallocate()
    }

    public var count: Int { bytes.count }

    /// Calls `body` with the bytes, valid during the call.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(bytes))
    }
}

extension Password: CustomStringConvertible {
    public var description: String { "Password(\(count) bytes)" }
}
