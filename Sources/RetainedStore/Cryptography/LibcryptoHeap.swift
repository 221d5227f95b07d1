internal import CLibcrypto
internal import Glibc
internal import Synchronization

/// A heap for libcrypto whose memory is locked into RAM, left out of core dumps and wiped when it is freed.
///
/// libcrypto keeps expanded keys in ordinary memory; a store's data keys would reach the swap that way. Its contexts are
/// small and few: pieces of up to 4 KiB come from a region of fixed size that is locked page by page as it is used; larger
/// pieces, and what comes when the region or the limit on locked memory is used up, come from `malloc`.
///
/// ### Invariants
/// - A page of the region holds pieces of one size, so that an address tells how long its piece is.
/// - Pages are never given back; there are at most as many as were needed at one time.
final class LibcryptoHeap: Sendable {
    /// Piece sizes: powers of two.
    private static let pieceBytesMin = 32
    static let pieceBytesMax = 4_096
    private static let sizesCount = 8
    static let pageBytes = 65_536

    private let base: UInt
    private let pagesCount: Int

    private struct State {
        /// The size class of each page that is in use.
        var pageSizes: [Int] = []
        /// The first free piece of each size; a free piece begins with the address of the next, 0 ends the list.
        var free = [UInt](repeating: 0, count: sizesCount)
        /// Whether the limit on locked memory was reached.
        var isAtLimit = false
    }

    private let state = Mutex(State())

    /// - Parameter bytes: The region's size; address space only until it is used.
    init(bytes: Int) throws(EnvironmentError) {
        let region = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let region, region != MAP_FAILED else { throw .system(call: "mmap", path: nil, errno: errno) }
        // Advice that an old kernel does not know changes nothing else.
        _ = madvise(region, bytes, MADV_DONTDUMP)
        base = UInt(bitPattern: region)
        pagesCount = bytes / Self.pageBytes
    }

    deinit {
        _ = munmap(UnsafeMutableRawPointer(bitPattern: base), pagesCount * Self.pageBytes)
    }

    /// Bytes of the region that are in use, and locked.
    var lockedBytes: Int { state.withLock { $0.pageSizes.count * Self.pageBytes } }

    /// A piece of at least `count` bytes; `nil` for none, as libcrypto expects.
    func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
        guard count > 0 else { return nil }
        guard count <= Self.pieceBytesMax else { return malloc(count) }
        let size = Self.size(of: count)
        let address = state.withLock { state in
            if state.free[size] == 0 { addPage(of: size, to: &state) }
            let address = state.free[size]
            guard let piece = UnsafeMutableRawPointer(bitPattern: address) else { return UInt(0) }
            state.free[size] = piece.load(as: UInt.self)
            piece.storeBytes(of: 0, as: UInt.self)
            return address
        }
        return UnsafeMutableRawPointer(bitPattern: address) ?? malloc(count)
    }

    /// Wipes a piece and takes it back.
    func deallocate(_ piece: UnsafeMutableRawPointer?) {
        guard let piece else { return }
        guard let page = page(of: piece) else { return free(piece) }
        let address = UInt(bitPattern: piece)
        state.withLock { state in
            let size = state.pageSizes[page]
            guard let piece = UnsafeMutableRawPointer(bitPattern: address) else { return }
            OPENSSL_cleanse(piece, Self.bytes(ofSize: size))
            piece.storeBytes(of: state.free[size], as: UInt.self)
            state.free[size] = address
        }
    }

    /// A piece of at least `count` bytes that begins with what the old one held.
    func reallocate(_ piece: UnsafeMutableRawPointer?, _ count: Int) -> UnsafeMutableRawPointer? {
        guard let piece else { return allocate(count) }
        guard let page = page(of: piece) else { return realloc(piece, count) }
        guard count > 0 else {
            deallocate(piece)
            return nil
        }
        let bytes = Self.bytes(ofSize: state.withLock { $0.pageSizes[page] })
        if count <= bytes { return piece }
        guard let larger = allocate(count) else { return nil }
        larger.copyMemory(from: piece, byteCount: bytes)
        deallocate(piece)
        return larger
    }

    /// Whether a piece lies in the region.
    func contains(_ piece: UnsafeMutableRawPointer) -> Bool { page(of: piece) != nil }

    private func page(of piece: UnsafeMutableRawPointer) -> Int? {
        let address = UInt(bitPattern: piece)
        guard address >= base, address < base + UInt(pagesCount * Self.pageBytes) else { return nil }
        return Int(address - base) / Self.pageBytes
    }

    /// Locks the next page and cuts it up; does nothing if there is none.
    private func addPage(of size: Int, to state: inout State) {
        guard !state.isAtLimit, state.pageSizes.count < pagesCount else { return }
        let address = base + UInt(state.pageSizes.count * Self.pageBytes)
        guard let page = UnsafeMutableRawPointer(bitPattern: address) else { return }
        guard mlock(page, Self.pageBytes) == 0 else {
            state.isAtLimit = true
            return
        }
        state.pageSizes.append(size)
        for offset in stride(from: 0, to: Self.pageBytes, by: Self.bytes(ofSize: size)) {
            page.storeBytes(of: state.free[size], toByteOffset: offset, as: UInt.self)
            state.free[size] = address + UInt(offset)
        }
    }

    private static func size(of count: Int) -> Int {
        guard count > pieceBytesMin else { return 0 }
        return Int.bitWidth - (count - 1).leadingZeroBitCount - pieceBytesMin.trailingZeroBitCount
    }

    private static func bytes(ofSize size: Int) -> Int { pieceBytesMin << size }
}
