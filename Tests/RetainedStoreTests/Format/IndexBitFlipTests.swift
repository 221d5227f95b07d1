import Foundation
import Glibc
import Testing

@testable import RetainedStore

/// S3: every changed bit of the index is detected, or harms nobody: neither who reads, nor who goes on writing.
///
/// A sample runs with the tests; `RETAINED_STORE_BIT_FLIPS=all swift test -c release -Xswiftc -enable-testing --filter
/// IndexBitFlipTests` tries every bit, which takes an hour; `RETAINED_STORE_BIT_FLIPS=0-262144` the bits of a range, so that two
/// commands share the work. A process of its own, this one once more with another filter, tries one bit after the other, so that
/// a bit that ends it ends no other test.
@Suite struct IndexBitFlipTests {
    private static let workVariable = "RETAINED_STORE_FLIPPED_BITS"
    private static let sampleCount = 400

    @Test("S3: a changed bit of the index is found, or a store that goes on with it loses nothing")
    func flips() throws {
        let directory = TemporaryDirectory(isInMemory: true)
        let path = directory.file("store")
        try FixtureStore.copy(to: path)
        let bits = FileBytes.read(path + "/index/data.mdb").count * 8
        let range = getenv("RETAINED_STORE_BIT_FLIPS").map { value in
            let bounds = String(cString: value).split(separator: "-").compactMap { Int($0) }
            return bounds.count == 2 ? bounds[0]..<min(bounds[1], bits) : 0..<bits
        }
        let count = range?.count ?? Self.sampleCount
        let notes = directory.file("notes")
        let status = try run("\(path) \(notes) \(range?.lowerBound ?? 0) \(count) \(range == nil ? Seed.value : 0)")
        let progress = FileBytes.read(notes)
        try #require(progress.count == 16, "the process that tries bits has not begun")
        let (position, foundCount) = progress.withUnsafeBytes { bytes in
            (bytes.loadLittleEndian(at: 0, as: UInt64.self), bytes.loadLittleEndian(at: 8, as: UInt64.self))
        }
        #expect(status == 0, "ended with \(status) at position \(position), seed \(Seed.value)")
        #expect(position == count)
        #expect(foundCount > 0 && foundCount < count)
        print("\(count) bits of the index: \(foundCount) were found, the others harmless")
    }

    @Test(.enabled(if: getenv(workVariable) != nil))
    func tryBits() throws {
        let words = try #require(getenv(Self.workVariable).map { String(cString: $0).split(separator: " ") })
        let (path, notes) = (String(words[0]), String(words[1]))
        let numbers = words[2...].compactMap { UInt64($0) }
        let index = path + "/index/data.mdb"
        let options = FixtureStore.options(path)
        let masterKey = try FixtureStore.masterKey.get()
        let original = FileBytes.read(index)
        let chosen = Self.bits(of: original.count * 8, from: Int(numbers[0]), count: Int(numbers[1]), seed: numbers[2])
        let descriptor = open(notes, O_RDWR | O_CREAT, 0o600)
        let file = open(index, O_WRONLY)
        defer {
            close(descriptor)
            close(file)
        }
        let sound = try RetainedStore.verify(options, masterKey: masterKey, nowSeconds: 1)
        try #require(sound.isSound && sound.setCount > 0)
        var foundCount: UInt64 = 0
        var passed: [Int] = []
        for position in chosen.indices {
            let bit = chosen[position]
            func put(_ byte: UInt8) { withUnsafeBytes(of: byte) { _ = pwrite(file, $0.baseAddress, 1, bit / 8) } }
            put(original[bit / 8] ^ 1 << UInt8(bit % 8))
            // With every record opened and counted and the digest as stated, what is there is what was there.
            // Without the key less is looked at: where every bit is tried, one reading is enough.
            if numbers[2] == 0 || Self.reading(options, nil, "bit \(bit)") != nil,
                let report = Self.reading(options, masterKey, "bit \(bit)")
            {
                #expect(report.setCount == sound.setCount && report.expiredCount == sound.expiredCount, "bit \(bit)")
                passed.append(bit)
            } else {
                foundCount += 1
            }
            put(original[bit / 8])
            if passed.count == Self.togetherMax || position + 1 == chosen.count {
                goOn(with: passed, of: original, beside: path)
                passed = []
            }
            withUnsafeBytes(of: (UInt64(position + 1).littleEndian, foundCount.littleEndian)) {
                _ = pwrite(descriptor, $0.baseAddress, 16, 0)
            }
        }
    }

    /// How many bits that nobody found are tried together before they are, if need be, tried one by one.
    private static let togetherMax = 32

    /// What becomes of stores in which nobody has found the changed bits.
    private func goOn(with bits: [Int], of original: [UInt8], beside path: String) {
        var together = original
        for bit in bits { together[bit / 8] ^= 1 << UInt8(bit % 8) }
        if bits.count > 1, problem(of: together, path + "-used") == nil { return }
        for bit in bits {
            var bytes = original
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let problem = problem(of: bytes, path + "-used")
            #expect(problem == nil, "bit \(bit)")
        }
    }

    /// Looks for every topic in a store with this index, goes on writing, and verifies it; what is not as it should be.
    private func problem(of index: [UInt8], _ path: String) -> String? {
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            try FixtureStore.copy(to: path)
            FileBytes.write(index, to: path + "/index/data.mdb")
            let options = FixtureStore.options(path)
            let masterKey = try FixtureStore.masterKey.get()
            let store = try RetainedStore.open(options, masterKey: masterKey)
            let problem = Result { try problemGoingOn(store) }
            try store.close()
            if let problem = try problem.get() { return problem }
            let report = try RetainedStore.verify(options, masterKey: masterKey, nowSeconds: 1)
            return report.isSound ? nil : "\(report.damage)"
        } catch {
            return "\(error)"
        }
    }

    private func problemGoingOn(_ store: RetainedStore) throws -> String? {
        let (reader, writer) = (try store.makeReader(), try store.makeWriter())
        var retained = FixtureStore.retained
        for (topic, payload) in retained where try reader.get(topic) != payload {
            return "not found at first: \(topic)"
        }
        // So much that free pages are used, and new ones.
        for round in 0..<3 {
            for number in 0..<12 {
                let topic = number < 6 ? "many/\(number * 2)" : "after/\(round)/\(number)"
                let payload = String(repeating: "\(round)", count: 300 * number + 10)
                try writer.set(topic, payload)
                retained[topic] = payload
            }
            try writer.clear("many/\(2 * round + 1)")
            retained["many/\(2 * round + 1)"] = nil
            try store.checkpoint()
        }
        for (topic, payload) in retained where try reader.get(topic) != payload { return "not found at last: \(topic)" }
        return try reader.scan("#") == retained ? nil : "other messages"
    }

    /// What a reading says that finds nothing wrong; nil: it finds something.
    private static func reading(_ options: StoreOptions, _ masterKey: MasterKey?, _ comment: String)
        -> VerificationReport?
    {
        do throws(StoreError) {
            let report = try RetainedStore.verify(options, masterKey: masterKey, nowSeconds: 1)
            return report.isSound ? report : nil
        } catch {
            switch error {
            case .damaged, .unsupported: break
            default: Issue.record("\(comment): \(error)")
            }
            return nil
        }
    }

    /// The bits of a sample, or those of a range.
    private static func bits(of bits: Int, from first: Int, count: Int, seed: UInt64) -> [Int] {
        guard seed != 0 else { return Array(first..<first + count) }
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Int.random(in: 0..<bits, using: &random) }
    }

    /// Runs this program once more for the test that tries bits; returns how it ended, as wait(2) says it.
    private func run(_ work: String) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        let arguments = ["tests", "--testing-library", "swift-testing", "--filter", "IndexBitFlipTests.tryBits"]
        var environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        environment += ["\(Self.workVariable)=\(work)", "SWIFT_BACKTRACE=enable=no"]
        var argumentVector = arguments.map { strdup($0) } + [nil]
        var environmentVector = environment.map { strdup($0) } + [nil]
        defer { for pointer in argumentVector + environmentVector { free(pointer) } }
        var process = pid_t()
        try #require(
            posix_spawn(&process, "/proc/self/exe", &actions, nil, &argumentVector, &environmentVector) == 0
        )
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
