internal import CLibcrypto
internal import Glibc
internal import Synchronization

/// Memory for secrets: locked into RAM as far as the process may, left out of core dumps, empty in a forked child.
///
/// Thousands of data keys at 32 bytes each would be thousands of locked pages if every key had its own; chunks of 64 KiB
/// hold 2,048 of them. A limit on locked memory (`RLIMIT_MEMLOCK`) that is reached does not fail: what does not fit is
/// still kept out of core dumps, and ``unlockedBytes`` says how much that is.
final class SecretArena: Sendable {
    static let shared = SecretArena()

    private static let granuleBytes = 32
    private static let chunkBytes = 65_536

    /// A mapping, and which of its granules are in use.
    private struct Chunk {
        let base: UnsafeMutableRawPointer
        let bytes: Int
        var isInUse: [Bool]
        var freeCount: Int
        /// Where to look first for a free granule.
        var hint = 0
    }

    private struct State: @unchecked Sendable {
        // The pointers inside are to mappings that are never unmapped, and are handed out under the mutex only.
        var chunks: [Chunk] = []
        var unlockedBytes = 0
    }

    private let state = Mutex(State())

    /// Bytes of the arena that the limit on locked memory left unlocked.
    var unlockedBytes: Int { state.withLock { $0.unlockedBytes } }

    /// Mappings that the arena has.
    var chunksCount: Int { state.withLock { $0.chunks.count } }

    /// A zeroed piece of `count` bytes; released by ``deallocate(_:)``.
    func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer {
        let granules = max(1, (count + Self.granuleBytes - 1) / Self.granuleBytes)
        let address = state.withLock { state -> UInt in
            for index in state.chunks.indices where state.chunks[index].freeCount >= granules {
                if let address = Self.take(granules, from: &state.chunks[index]) { return address }
            }
            let bytes = max(Self.chunkBytes, granules * Self.granuleBytes)
            var chunk = Self.map(bytes, unlockedBytes: &state.unlockedBytes)
            guard let address = Self.take(granules, from: &chunk) else {
                preconditionFailure("a new chunk of \(bytes) bytes has no room for \(count)")
            }
            state.chunks.append(chunk)
            return address
        }
        guard let base = UnsafeMutableRawPointer(bitPattern: address) else {
            preconditionFailure("mmap gave out address 0")
        }
        return UnsafeMutableRawBufferPointer(start: base, count: count)
    }

    /// Wipes the piece and takes it back.
    func deallocate(_ piece: UnsafeMutableRawBufferPointer) {
        guard let base = piece.baseAddress else { return }
        let granules = max(1, (piece.count + Self.granuleBytes - 1) / Self.granuleBytes)
        OPENSSL_cleanse(base, granules * Self.granuleBytes)
        let address = UInt(bitPattern: base)
        state.withLock { state in
            for index in state.chunks.indices {
                let start = UInt(bitPattern: state.chunks[index].base)
                guard address >= start, address < start + UInt(state.chunks[index].bytes) else { continue }
                let first = Int(address - start) / Self.granuleBytes
                for granule in first..<first + granules { state.chunks[index].isInUse[granule] = false }
                state.chunks[index].freeCount += granules
                state.chunks[index].hint = min(state.chunks[index].hint, first)
                return
            }
            preconditionFailure("a secret that did not come from the arena")
        }
    }

    private static func take(_ granules: Int, from chunk: inout Chunk) -> UInt? {
        var run = 0
        for granule in chunk.hint..<chunk.isInUse.count {
            run = chunk.isInUse[granule] ? 0 : run + 1
            guard run == granules else { continue }
            let first = granule - granules + 1
            for taken in first...granule { chunk.isInUse[taken] = true }
            chunk.freeCount -= granules
            if first == chunk.hint { chunk.hint = granule + 1 }
            return UInt(bitPattern: chunk.base) + UInt(first * granuleBytes)
        }
        return nil
    }

    private static func map(_ bytes: Int, unlockedBytes: inout Int) -> Chunk {
        let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let base, base != MAP_FAILED else { preconditionFailure("out of memory for \(bytes) bytes of secrets") }
        if mlock(base, bytes) != 0 { unlockedBytes += bytes }
        // Advice that an old kernel does not know changes nothing else.
        _ = madvise(base, bytes, MADV_DONTDUMP)
        _ = madvise(base, bytes, MADV_WIPEONFORK)
        let granules = bytes / granuleBytes
        return Chunk(
            base: base,
            bytes: bytes,
            isInUse: Array(repeating: false, count: granules),
            freeCount: granules
        )
    }
}
