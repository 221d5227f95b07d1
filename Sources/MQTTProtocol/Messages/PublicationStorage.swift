/// The one block of memory of a publication: its fields, and behind them its bytes.
final class PublicationStorage: ManagedBuffer<PublicationFields, UInt8> {
    /// Appends range after range of bytes to a new publication, within the room that its fields announce.
    struct Writer {
        fileprivate var free: UnsafeMutableRawBufferPointer

        mutating func append(_ bytes: UnsafeRawBufferPointer) {
            // Traps if the fields announce fewer bytes than are appended.
            free.copyMemory(from: bytes)
            free = UnsafeMutableRawBufferPointer(rebasing: free[bytes.count...])
        }
    }

    static func create(_ fields: PublicationFields, _ write: (inout Writer) -> Void) -> PublicationStorage {
        let buffer = PublicationStorage.create(minimumCapacity: fields.totalBytes) { _ in fields }
        buffer.withUnsafeMutablePointerToElements { elements in
            var writer = Writer(free: UnsafeMutableRawBufferPointer(start: elements, count: fields.totalBytes))
            write(&writer)
            precondition(writer.free.isEmpty, "the fields announce more bytes than were appended")
        }
        let storage = unsafeDowncast(buffer, to: PublicationStorage.self)
        // `create` makes an instance of the class that it is called on, so that there is nothing to check.
        return storage
    }

    /// The fields; they change no more, so that reading them needs no check of exclusive access.
    var fields: PublicationFields {
        @inline(__always) get { withUnsafeMutablePointerToHeader { $0.pointee } }
    }

    /// The bytes from `start`, valid while the storage is held.
    func withBytes<Result>(
        from start: Int,
        count: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withUnsafeMutablePointerToElements { elements in
            try body(UnsafeRawBufferPointer(start: elements + start, count: count))
        }
    }
}
