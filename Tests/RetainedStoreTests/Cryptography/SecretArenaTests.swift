import Testing

@testable import RetainedStore

@Suite("Memory for secrets")
struct SecretArenaTests {
    @Test("pieces do not overlap, and their room is used again")
    func allocation() {
        var random = SeededGenerator(seed: Seed.value)
        let arena = SecretArena()
        var pieces: [UnsafeMutableRawBufferPointer] = []
        for _ in 0..<5_000 {
            if pieces.count > 500 || (!pieces.isEmpty && Bool.random(using: &random)) {
                let piece = pieces.remove(at: Int.random(in: pieces.indices, using: &random))
                let mark = piece.first ?? 0
                #expect(piece.allSatisfy { $0 == mark }, "a piece was written by another's owner, seed \(Seed.value)")
                arena.deallocate(piece)
            } else {
                let count = Int.random(in: 1...200, using: &random)
                let piece = arena.allocate(count)
                #expect(piece.allSatisfy { $0 == 0 }, "a piece was not wiped, seed \(Seed.value)")
                piece.initializeMemory(as: UInt8.self, repeating: UInt8.random(in: 1...255, using: &random))
                pieces.append(piece)
            }
        }
        #expect(arena.chunksCount <= 3)
    }

    @Test("a piece longer than a chunk has a chunk of its own")
    func long() {
        let arena = SecretArena()
        let piece = arena.allocate(200_000)
        piece.initializeMemory(as: UInt8.self, repeating: 1)
        arena.deallocate(piece)
        #expect(piece.allSatisfy { $0 == 0 })
    }

    @Test("what is let go of is wiped")
    func wiping() {
        let arena = SecretArena()
        let piece = arena.allocate(48)
        piece.initializeMemory(as: UInt8.self, repeating: 0x5A)
        arena.deallocate(piece)
        // The arena keeps its mappings, so that the place can still be looked at.
        #expect(piece.allSatisfy { $0 == 0 })
    }

    @Test("its pages are left out of core dumps, emptied in a child, and locked if the limit allows")
    func advice() throws {
        let arena = SecretArena()
        let piece = arena.allocate(32)
        defer { arena.deallocate(piece) }
        let address = UInt(bitPattern: piece.baseAddress)
        let flags = try #require(Self.flags(ofMappingAt: address))
        #expect(flags.contains("dd"), "\(flags)")
        #expect(flags.contains("wf"), "\(flags)")
        #expect(flags.contains("lo") == (arena.unlockedBytes == 0), "\(flags)")
    }

    /// The VmFlags of proc(5) for the mapping that holds an address.
    private static func flags(ofMappingAt address: UInt) -> [Substring]? {
        let maps = String(decoding: FileBytes.read("/proc/self/smaps"), as: UTF8.self)
        var isInMapping = false
        for line in maps.split(separator: "\n") {
            let bounds = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
            if bounds.count == 2 { isInMapping = bounds[0] <= address && address < bounds[1] }
            if isInMapping, line.hasPrefix("VmFlags:") { return line.dropFirst(8).split(separator: " ") }
        }
        return nil
    }
}
