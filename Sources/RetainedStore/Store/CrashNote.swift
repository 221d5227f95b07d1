internal import Glibc

/// What the lock file of a store says of how the last process that had it open ended.
///
/// LMDB trusts its pages, so a damaged index can end its reader by a signal. Before it dies the process writes the signal's
/// number into the first byte of the file `lock`, with one `pwrite`, which a signal handler may do; it needs no sync, because
/// a dying process loses nothing that the kernel took. So a death by `kill -9`, by a power cut or by an error of another kind
/// leaves no note, and the start after it is as fast as ever; a death that may have been the index's doing leaves one, and
/// the next start looks first.
public enum CrashNote {
    /// The signals that a reader of a damaged page can die of: accesses outside of the map, or behind the file's end, and
    /// LMDB's own assertions.
    public static let signals = [SIGSEGV, SIGBUS, SIGABRT]

    /// The signal that ended the last process that had the store open; nil: none of these.
    public static func read(at location: StoreLocation) -> Int32? {
        let descriptor = open(location.lockPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var byte: UInt8 = 0
        guard pread(descriptor, &byte, 1, 0) == 1, byte != 0 else { return nil }
        return Int32(byte)
    }

    /// Forgets the note, once somebody has looked.
    public static func clear(at location: StoreLocation) throws(StoreError) {
        guard truncate(location.lockPath, 0) != 0, errno != ENOENT else { return }
        throw .environment(.system("truncate", location.lockPath))
    }

    /// A descriptor into which a signal handler writes the number of its signal, as one byte at offset 0.
    public static func openForWriting(at location: StoreLocation) throws(StoreError) -> Int32 {
        try StoreError.whileReading { () throws(EnvironmentError) in
            try PosixDisk.open(location.lockPath, O_WRONLY | O_CREAT | O_CLOEXEC)
        }
    }
}
