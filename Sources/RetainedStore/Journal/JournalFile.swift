/// One file of the journal: the operations through which a journal touches the disk.
///
/// Few and plain, so that a simulated disk can stand in: one that loses, tears and reorders what was not synced, or
/// that refuses everything after its n-th operation. They are called per group or per segment, never per message.
package protocol JournalFile: AnyObject, Sendable {
    /// Where the file is.
    var path: String { get }

    /// Takes note of the file's new name. Not while another thread uses the file.
    func wasRenamed(to path: String)

    /// Bytes in the file.
    func size() throws(EnvironmentError) -> Int

    /// Makes the file `bytes` long, all of it zeros that occupy disk blocks and are synced, so that no later `write`
    /// can run out of space and no later `sync` has metadata to write.
    func allocate(bytes: Int) throws(EnvironmentError)

    /// Writes all the bytes at an offset.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError)

    /// Reads into the buffer from an offset; returns how many bytes there were, fewer than asked for at the file's end
    /// only.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int

    /// Returns when everything written is on the disk (`fdatasync`).
    func sync() throws(EnvironmentError)

    /// The file's bytes, for reading, as they are now and as later writes change them; valid until `close`.
    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer

    /// Ends the use of the file and of its mapping.
    func close()
}
