import Foundation

@testable import RetainedStore

/// Every (data key, nonce) pair that sealed something, wherever in files it stands.
///
/// One sealed record has several copies: in the journal, in the index, in backups. What may not be is one pair with two
/// different sealed texts.
struct SealedPairs {
    private struct Pair: Hashable {
        var keyID: DataKeyID
        var nonce: [UInt8]
    }

    private var sealed: [Pair: [UInt8]] = [:]
    /// Pairs that sealed two texts.
    private(set) var repeatedCount = 0

    var count: Int { sealed.count }

    mutating func add(keyID: DataKeyID, _ bytes: UnsafeRawBufferPointer) {
        let pair = Pair(keyID: keyID, nonce: Array(bytes[..<XAES256GCM.nonceBytes]))
        let text = Array(bytes[XAES256GCM.nonceBytes...])
        if let other = sealed.updateValue(text, forKey: pair), other != text { repeatedCount += 1 }
    }

    /// Takes everything that stands in a store's files: every group of every segment, spare ones included, and the index.
    mutating func add(storeIn directory: String, limits: StoreLimits) throws {
        let disk = PosixDisk()
        for name in try disk.names(in: directory + "/journal") {
            let file = try disk.open(directory + "/journal/" + name, creating: false)
            defer { file.close() }
            try add(file)
        }
        let index = try IndexEnvironment(path: directory + "/index", limits: limits, access: .readOnly)
        defer { index.close() }
        let reader = try IndexReader(index)
        try reader.begin()
        defer { reader.end() }
        var item = try reader.first()
        while let current = item {
            if let record = IndexRecord(current.value) { add(keyID: record.dataKeyID, record.sealed) }
            item = try reader.next()
        }
        // Sealed under another key of the store: 0 stands for it.
        if let state = try reader.meta(IndexState.metaKey) { add(keyID: 0, state) }
    }

    private mutating func add(_ file: any JournalFile) throws {
        let reader = try SegmentReader(file: file)
        var next = 0
        while let offset = try reader.firstOffset(of: GroupHeader.magic, from: next) {
            next = offset + GroupHeader.alignment
            let bytes = try reader.read(at: offset, count: GroupHeader.bytes)
            guard let header = GroupHeader(bytes, bytesMax: reader.bytes - offset) else { continue }
            let group = try reader.read(at: offset, count: Int(header.groupBytes))
            guard let base = group.baseAddress else { continue }
            var place = GroupHeader.bytes
            for _ in 0..<header.recordCount {
                guard place + JournalRecord.headerBytes <= group.count else { break }
                let record = JournalRecord(base: base + place)
                let recordBytes = JournalRecord.bytes(keyBytes: record.keyBytes, sealedBytes: record.sealedBytes)
                guard record.recordBytes == recordBytes, place + recordBytes <= group.count,
                    record.sealedBytes >= XAES256GCM.overheadBytes
                else { break }
                add(keyID: record.dataKeyID, record.sealed)
                place += recordBytes
            }
        }
    }
}
