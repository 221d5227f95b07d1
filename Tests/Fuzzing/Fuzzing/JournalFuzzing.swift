@testable import RetainedStore

/// The journal's reader: one segment or two, each its header without the zeros behind it and its groups.
///
/// Unless the first byte says otherwise, what a writer computes (checksums, MACs, the end of the segment before) is put right, so that
/// what stands behind it is looked at and not only refused. It is as if somebody had written this who knows the key.
enum JournalFuzzing {
    /// What the first byte says, bit by bit.
    struct Choices: OptionSet {
        let rawValue: UInt8
        static let twoSegments = Choices(rawValue: 1)
        static let withoutKey = Choices(rawValue: 2)
        static let headersAsTheyAre = Choices(rawValue: 4)
        static let groupsAsTheyAre = Choices(rawValue: 8)
        static let statedEndAsItIs = Choices(rawValue: 16)
        static let someIsApplied = Choices(rawValue: 32)
    }

    private static let directory = "journal"

    static func read(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 3 else { return }
        let choices = Choices(rawValue: bytes[0])
        var first = UnsafeRawBufferPointer(rebasing: bytes[3...])
        var second: UnsafeRawBufferPointer?
        if choices.contains(.twoSegments) {
            let count = min(Int(bytes.loadLittleEndian(at: 1, as: UInt16.self)), first.count)
            second = UnsafeRawBufferPointer(rebasing: first[count...])
            first = UnsafeRawBufferPointer(rebasing: first[..<count])
        }
        do {
            try read([first, second].compactMap(\.self), choices)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static func read(_ parts: [UnsafeRawBufferPointer], _ choices: Choices) throws {
        let key = SecretBytes(count: AESCMAC.keyBytes) { _ in }
        var writer = ForgedJournal(cipher: try AESCMAC(key: key), chain: try MACChain(key: key), choices: choices)
        let segments = parts.map { writer.segment($0) }
        let disk = MemoryDisk(directory: directory, files: segments)
        let replay = JournalReplay(
            disk: disk,
            directory: directory,
            identity: JournalIdentity(
                setID: ForgedJournal.setID,
                timeline: ForgedJournal.timeline,
                key: choices.contains(.withoutKey) ? nil : key
            ),
            appliedLSN: choices.contains(.someIsApplied) ? 2 : nil
        )
        var recordCount: UInt64 = 0
        var sum: UInt8 = 0
        do throws(StoreError) {
            let outcome = try replay.run { record, _, _ in
                recordCount += 1
                sum = record.key.reduce(sum, ^)
                sum = record.sealed.reduce(sum, ^)
            }
            precondition(outcome.report.replayedCount == recordCount, "a record that was not handed on")
            precondition(Int(outcome.end.offset) <= segments.last?.bytes.count ?? 0, "an end behind the file")
        } catch {
            // An environment has no part in this.
            if case .environment = error { preconditionFailure("\(error)") }
        }
    }
}
