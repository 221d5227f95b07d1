internal import CLMDB
internal import Glibc

/// A journal file of the operating system's.
final class PosixFile: JournalFile, @unchecked Sendable {
    private static let zeroedBytesMax = 1 << 20

    // The mapping is made and ended, and the name changed, while the file is in one thread's hands.
    private(set) var path: String
    private var descriptor: Int32
    private var mapping: UnsafeMutableRawBufferPointer?
    private var privateMapping: UnsafeMutableRawBufferPointer?

    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close()
    }

    func wasRenamed(to path: String) {
        self.path = path
    }

    func size() throws(EnvironmentError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("fstat", path) }
        return Int(status.st_size)
    }

    func allocate(bytes: Int) throws(EnvironmentError) {
        // Reserving blocks alone would leave them marked as unwritten, and the first sync after writing into each would
        // have to write metadata; so the zeros are written, once in the life of the file. Block by block: the kernel keeps
        // in one piece (a large folio) what comes in one write, and from then on counts the whole piece as written, and
        // looks through all of it, for every small group that is synced.
        let code = posix_fallocate(descriptor, 0, bytes)
        if code != 0 { throw .system(call: "posix_fallocate", path: path, errno: code) }
        let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: min(bytes, 4_096), alignment: 4_096)
        defer { zeros.deallocate() }
        zeros.initializeMemory(as: UInt8.self, repeating: 0)
        var offset = 0
        while offset < bytes {
            let count = min(zeros.count, bytes - offset)
            try write(UnsafeRawBufferPointer(rebasing: zeros[..<count]), at: offset)
            offset += count
            // What goes to the disk at once is what a group's sync may have to wait behind (sync_file_range(2)). Only the
            // sync below makes anything durable, and says so if it cannot.
            if offset % Self.zeroedBytesMax == 0 {
                latch_write_back(descriptor, off_t(offset - Self.zeroedBytesMax), off_t(Self.zeroedBytesMax))
            }
        }
        guard ftruncate(descriptor, bytes) == 0 else { throw .system("ftruncate", path) }
        guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(EnvironmentError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, base + done, bytes.count - done, offset + done)
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("pwrite", path)
            }
            done += count
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(EnvironmentError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, base + done, buffer.count - done, offset + done)
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("pread", path)
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func sync() throws(EnvironmentError) {
        // Not repeated after a failure: the kernel may have marked the pages clean, and a second call would lie.
        guard fdatasync(descriptor) == 0 else { throw .system("fdatasync", path) }
    }

    func map(bytes: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer {
        if let mapping, mapping.count >= bytes { return UnsafeRawBufferPointer(rebasing: mapping[..<bytes]) }
        guard let base = mmap(nil, bytes, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
            throw .system("mmap", path)
        }
        // Places are read in the order of keys, not of bytes: reading ahead would only waste page cache.
        madvise(base, bytes, MADV_RANDOM)
        mapping = UnsafeMutableRawBufferPointer(start: base, count: bytes)
        return UnsafeRawBufferPointer(start: base, count: bytes)
    }

    /// The file's bytes in memory of this process's own (`MAP_PRIVATE`): what is stored there reaches no file, and a page
    /// that nothing was stored in shows the file as it is. One size in the life of the file.
    func mapPrivately(bytes: Int) throws(EnvironmentError) -> UnsafeMutableRawBufferPointer {
        if let privateMapping, privateMapping.count >= bytes {
            return UnsafeMutableRawBufferPointer(rebasing: privateMapping[..<bytes])
        }
        precondition(privateMapping == nil, "a file that is mapped privately does not grow")
        guard let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw .system("mmap", path)
        }
        madvise(base, bytes, MADV_RANDOM)
        let mapping = UnsafeMutableRawBufferPointer(start: base, count: bytes)
        privateMapping = mapping
        return mapping
    }

    func close() {
        if let mapping { munmap(mapping.baseAddress, mapping.count) }
        mapping = nil
        if let privateMapping { munmap(privateMapping.baseAddress, privateMapping.count) }
        privateMapping = nil
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}
