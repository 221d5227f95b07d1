import Glibc
import Testing

@testable import RetainedStore

@Suite("libcrypto's heap")
struct LibcryptoHeapTests {
    @Test("pieces keep what is written to them through growing and shrinking, and are wiped")
    func pieces() throws {
        var random = SeededGenerator(seed: Seed.value)
        let heap = try LibcryptoHeap(bytes: 1 << 20)
        var pieces: [(piece: UnsafeMutableRawPointer, count: Int, mark: UInt8)] = []
        func check(_ piece: UnsafeMutableRawPointer, _ count: Int, _ mark: UInt8) {
            #expect(UnsafeRawBufferPointer(start: piece, count: count).allSatisfy { $0 == mark }, "seed \(Seed.value)")
        }
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...(Bool.random(using: &random) ? 200 : 6_000), using: &random)
            let mark = UInt8.random(in: 1...255, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0 where pieces.count < 200:
                let piece = try #require(heap.allocate(count))
                memset(piece, Int32(mark), count)
                pieces.append((piece, count, mark))
            case 1 where !pieces.isEmpty:
                let index = Int.random(in: pieces.indices, using: &random)
                let old = pieces[index]
                let piece = try #require(heap.reallocate(old.piece, count))
                check(piece, min(count, old.count), old.mark)
                memset(piece, Int32(mark), count)
                pieces[index] = (piece, count, mark)
            case 2 where !pieces.isEmpty:
                let old = pieces.remove(at: Int.random(in: pieces.indices, using: &random))
                check(old.piece, old.count, old.mark)
                let isInRegion = heap.contains(old.piece)
                heap.deallocate(old.piece)
                // Behind the link to the next free piece, which is in the first 8 bytes, there is nothing left.
                if isInRegion, old.count > 8 { check(old.piece + 8, old.count - 8, 0) }
            default:
                continue
            }
        }
        for old in pieces { check(old.piece, old.count, old.mark) }
    }

    @Test("small pieces are in the region, large ones are not, and freed ones are used again")
    func region() throws {
        let heap = try LibcryptoHeap(bytes: LibcryptoHeap.pageBytes * 2)
        for count in [1, 32, 33, LibcryptoHeap.pieceBytesMax] {
            let heap = try LibcryptoHeap(bytes: LibcryptoHeap.pageBytes)
            let piece = try #require(heap.allocate(count))
            // Without room for locked memory everything comes from malloc.
            #expect(heap.contains(piece) == (heap.lockedBytes > 0))
            heap.deallocate(piece)
            #expect(heap.allocate(count) == piece || heap.lockedBytes == 0)
        }
        let large = try #require(heap.allocate(LibcryptoHeap.pieceBytesMax + 1))
        #expect(!heap.contains(large))
        heap.deallocate(large)
        #expect(heap.lockedBytes == 0 && heap.allocate(0) == nil)
        heap.deallocate(nil)
    }

    @Test("a region that is used up falls back to malloc")
    func fallback() throws {
        let heap = try LibcryptoHeap(bytes: LibcryptoHeap.pageBytes)
        let pieces = try (0..<40).map { _ in try #require(heap.allocate(4_096)) }
        let inRegion = pieces.filter { heap.contains($0) }.count
        #expect(inRegion == 16 || heap.lockedBytes == 0)
        #expect(Set(pieces).count == 40)
        for piece in pieces { heap.deallocate(piece) }
    }

    @Test("libcrypto does not change its heap once somebody has used it")
    func late() throws {
        _ = try LibcryptoAlgorithms.shared()
        #expect(!ProcessProtection.lockLibcryptoMemory())
        #expect(try SecureRandom.identifier() != 0)
        _ = try AESGCM(key: [UInt8](repeating: 1, count: 32).secret)
    }
}
