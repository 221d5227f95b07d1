/// A file of the journal: spare at first, then part of the history under a number, then recycled.
final class Segment: @unchecked Sendable {
    // A spare belongs to the thread that prepares it. From `begin` on, what `begin` wrote changes no more until the
    // segment is recycled, which happens when no reader has it pinned.

    /// The file; its name changes when the segment gets a number.
    let file: any JournalFile
    /// Bytes in the file.
    let bytes: Int
    /// The file's bytes, for readers.
    let mapping: UnsafeRawBufferPointer
    /// Its number; 0 while it is spare.
    private(set) var number: UInt64 = 0
    /// LSN of its first record, once it has a number.
    private(set) var firstLSN: UInt64 = 0

    /// Takes over a file that has been allocated.
    init(file: any JournalFile, bytes: Int) throws(EnvironmentError) {
        self.file = file
        self.bytes = bytes
        mapping = try file.map(bytes: bytes)
    }

    /// Gives the segment its part in the history.
    func begin(number: UInt64, firstLSN: UInt64) {
        self.number = number
        self.firstLSN = firstLSN
    }

    /// The record at an offset.
    @inline(__always)
    func record(at offset: Int) -> JournalRecord {
        guard let base = mapping.baseAddress else { preconditionFailure("a segment is never empty") }
        return JournalRecord(base: base + offset)
    }
}
