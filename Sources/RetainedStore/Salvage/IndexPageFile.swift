internal import Glibc

/// LMDB's file, read page by page with `pread`.
final class IndexPageFile {
    let path: String
    let pageBytes: Int
    /// Whole pages in the file.
    let pageCount: UInt64
    /// The meta pages that can be read, with the number of their page.
    let metas: [(page: UInt64, meta: IndexMeta)]
    private let file: PosixFile

    /// Where the page of LMDB's that is not sound is taken to have the usual size.
    private static let usualPageBytes = 4_096

    init(path: String) throws(EnvironmentError) {
        self.path = path
        let file = PosixFile(path: path, descriptor: try PosixDisk.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC))
        self.file = file
        let fileBytes = try file.size()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: IndexMeta.bytes, alignment: 16)
        defer { buffer.deallocate() }
        func meta(at offset: Int) throws(EnvironmentError) -> IndexMeta? {
            let count = try file.read(into: buffer, at: offset)
            return IndexMeta(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        let first = try? meta(at: 0)
        // The second meta page says how large pages are where the first one does not.
        var sizes = [first?.pageBytes ?? Self.usualPageBytes]
        if first == nil { sizes += [512, 1_024, 2_048, 8_192, 16_384, 32_768, 65_536] }
        var found: (bytes: Int, meta: IndexMeta)?
        for size in sizes where found == nil {
            if let meta = try? meta(at: size), meta.pageBytes == size { found = (size, meta) }
        }
        pageBytes = found?.bytes ?? sizes[0]
        pageCount = UInt64(fileBytes / pageBytes)
        metas = [first.map { (0, $0) }, found.map { (1, $0.meta) }].compactMap(\.self)
    }

    /// Memory for a page, aligned to its size as LMDB's map is.
    func makeBuffer(pages: Int = 1) -> UnsafeMutableRawBufferPointer {
        .allocate(byteCount: pages * pageBytes, alignment: max(pageBytes, 4_096))
    }

    /// Reads a page; nil if the medium does not give it, or the file ends before.
    func read(_ page: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(EnvironmentError) -> IndexPage? {
        guard page < pageCount else { return nil }
        do throws(EnvironmentError) {
            let count = try file.read(into: buffer, at: Int(page) * pageBytes)
            guard count == buffer.count else { return nil }
        } catch {
            guard case .system(_, _, EIO) = error else { throw error }
            return nil
        }
        return IndexPage(number: page, bytes: UnsafeRawBufferPointer(rebasing: buffer[..<pageBytes]))
    }
}
