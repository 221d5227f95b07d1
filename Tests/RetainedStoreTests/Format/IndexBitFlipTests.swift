import Foundation
import Glibc
import Testing

@testable import RetainedStore

/// S3: every changed bit of the index is detected, or harms nobody, and what it ends is the process that reads without keys.
///
/// A sample runs with the tests; `RETAINED_STORE_BIT_FLIPS=all swift test --filter IndexBitFlipTests` tries every bit, which
/// takes an hour or two. A process of its own, this one once more with another filter, tries one bit after the other and
/// notes how far it has come; where a bit ends it, the next one goes on behind that bit.
@Suite struct IndexBitFlipTests {
    private static let workVariable = "RETAINED_STORE_FLIPPED_BITS"
    private static let sampleCount = 400

    /// What a process that tries bits notes before each reading.
    private struct Progress {
        var position: UInt64
        /// Whether the reading was the one with the key, which only follows one without it that ended well.
        var hadKey: Bool
    }

    @Test("S3: a changed bit of the index is found, or harms nobody; at most it ends a reader without keys")
    func flips() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        try FixtureStore.copy(to: path)
        let bits = FileBytes.read(path + "/index/data.mdb").count * 8
        let isExhaustive = getenv("RETAINED_STORE_BIT_FLIPS") != nil
        let count = isExhaustive ? bits : Self.sampleCount
        var start = 0
        var endedCount = 0
        while start < count {
            let notes = directory.file("notes")
            let work = "\(path) \(notes) \(start) \(count) \(isExhaustive ? 0 : Seed.value)"
            let status = try run(["\(Self.workVariable)=\(work)"])
            let progress = FileBytes.read(notes).withUnsafeBytes { bytes in
                bytes.count == 16
                    ? Progress(
                        position: bytes.loadLittleEndian(at: 0),
                        hadKey: bytes.loadLittleEndian(at: 8, as: UInt64.self) != 0
                    ) : nil
            }
            let reached = try #require(progress, "the process that tries bits has not begun")
            guard status & 0x7F != 0 else {
                #expect(status == 0, "bits are neither found nor harmless: \(status >> 8)")
                break
            }
            #expect(!reached.hadKey, "position \(reached.position), seed \(Seed.value): ended the reader with the key")
            endedCount += 1
            start = Int(reached.position) + 1
        }
        print("\(count) bits of the index: \(endedCount) ended the reader without keys")
    }

    @Test(.enabled(if: getenv(workVariable) != nil))
    func tryBits() throws {
        let words = try #require(getenv(Self.workVariable).map { String(cString: $0).split(separator: " ") })
        let (path, notes) = (String(words[0]), String(words[1]))
        let numbers = words[2...].compactMap { UInt64($0) }
        let index = path + "/index/data.mdb"
        let options = FixtureStore.options(path)
        let masterKey = try FixtureStore.masterKey.get()
        // Where a bit ended the process before this one, it is still in the copy.
        let original = FileBytes.read(FixtureStore.path + "/index/data.mdb")
        let chosen = Self.bits(of: original.count * 8, count: Int(numbers[1]), seed: numbers[2])
        let descriptor = open(notes, O_RDWR | O_CREAT, 0o600)
        let file = open(index, O_WRONLY)
        defer {
            close(descriptor)
            close(file)
        }
        FileBytes.write(original, to: index)
        let sound = try RetainedStore.verify(options, masterKey: masterKey, nowSeconds: 1)
        try #require(sound.isSound && sound.setCount > 0)
        for position in Int(numbers[0])..<Int(numbers[1]) {
            let bit = chosen.isEmpty ? position : chosen[position]
            func put(_ byte: UInt8) { withUnsafeBytes(of: byte) { _ = pwrite(file, $0.baseAddress, 1, bit / 8) } }
            func note(_ hasKey: UInt64) {
                withUnsafeBytes(of: (UInt64(position).littleEndian, hasKey.littleEndian)) {
                    _ = pwrite(descriptor, $0.baseAddress, 16, 0)
                }
            }
            put(original[bit / 8] ^ 1 << UInt8(bit % 8))
            note(0)
            if Self.reading(options, nil, "bit \(bit)") != nil {
                note(1)
                // With every record opened and counted and the digest as stated, what is there is what was there.
                if let report = Self.reading(options, masterKey, "bit \(bit)") {
                    #expect(
                        report.setCount == sound.setCount && report.expiredCount == sound.expiredCount,
                        "bit \(bit)"
                    )
                }
            }
            put(original[bit / 8])
        }
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

    /// The bits of a sample, for every process the same; none: all.
    private static func bits(of bits: Int, count: Int, seed: UInt64) -> [Int] {
        guard seed != 0 else { return [] }
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Int.random(in: 0..<bits, using: &random) }
    }

    /// Runs this program once more for the test that tries bits; returns how it ended, as wait(2) says it.
    private func run(_ variables: [String]) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        let arguments = ["tests", "--testing-library", "swift-testing", "--filter", "IndexBitFlipTests.tryBits"]
        var environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        environment += variables + ["SWIFT_BACKTRACE=enable=no"]
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
