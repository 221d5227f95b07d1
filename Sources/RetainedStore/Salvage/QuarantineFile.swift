internal import Glibc

/// The side file into which a salvage puts what it does not keep: sealed bytes as they were found, and where.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic `LATCHQT` and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 6 | zero |
/// | 16 | 16 | set id |
/// | 32 | 16 | timeline |
/// | 48 | 8 | when it was made, seconds since 1970 |
/// | 56 | 8 | zero |
///
/// Then entries:
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | entry bytes, padding included: a multiple of 8 |
/// | 8 | 1 | kind: 1 index node, 2 index page, 3 journal record, 4 journal region, 5 index record |
/// | 9 | 1 | zero |
/// | 10 | 2 | file name bytes |
/// | 12 | 4 | CRC-32C of name ‖ content |
/// | 16 | 8 | offset in the file |
/// | 24 | 8 | content bytes |
/// | 32 | 4 | key bytes at the content's beginning (kind 5), else zero |
/// | 36 | 4 | zero |
/// | 40 | … | name, relative to the store's directory ‖ content ‖ zero padding |
///
/// It is written under another name and gets its own when it is whole and synced.
final class QuarantineFile {
    private static let magic: UInt64 = 0x0054_5148_4354_414C
    private static let headerBytes = 64
    private static let entryHeaderBytes = 40
    static let directoryName = "quarantine"
    private static let suffix = ".quarantine"

    /// What the file is called when it is whole.
    let path: String
    /// Entries so far.
    private(set) var count = 0
    private let directory: String
    private let descriptor: Int32
    private var offset = 0
    private var isFinished = false

    private var temporaryPath: String { path + ".new" }

    /// The quarantine files of a store, in the order in which they were made.
    static func paths(in store: String) throws(EnvironmentError) -> [String] {
        let folder = store + "/" + directoryName
        guard RetainedStore.exists(path: folder) else { return [] }
        return try PosixDisk().names(in: folder).filter { $0.hasSuffix(suffix) }.sorted().map { folder + "/" + $0 }
    }

    /// - Parameters:
    ///   - store: The store's directory.
    ///   - timeSeconds: Seconds since 1970; of two files of one second the later one has a number more.
    init(store: String, setID: SetID, timeline: Timeline, timeSeconds: UInt64) throws(EnvironmentError) {
        directory = store + "/"
        let folder = directory + Self.directoryName
        try RetainedStore.makeDirectory(folder)
        var number = 0
        var path: String
        repeat {
            path = "\(folder)/\(timeSeconds)-\(number)\(Self.suffix)"
            number += 1
        } while RetainedStore.exists(path: path)
        self.path = path
        unlink(path + ".new")
        descriptor = try PosixDisk.open(path + ".new", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC)
        let header = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.headerBytes, alignment: 8)
        defer { header.deallocate() }
        header.initializeMemory(as: UInt8.self, repeating: 0)
        header.storeLittleEndian(Self.magic, at: 0)
        header.storeLittleEndian(FormatVersion.current, at: 8)
        header.storeLittleEndian(setID, at: 16)
        header.storeLittleEndian(timeline, at: 32)
        header.storeLittleEndian(timeSeconds, at: 48)
        try append(UnsafeRawBufferPointer(header))
    }

    deinit {
        close(descriptor)
        if !isFinished { discard() }
    }

    /// Adds what stands at a place of a file.
    ///
    /// - Parameter key: What is put before the content: of a record whose key stands somewhere else.
    func add(
        _ kind: QuarantineEntry,
        file: String,
        offset place: UInt64,
        key: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        _ content: UnsafeRawBufferPointer
    ) throws(EnvironmentError) {
        let name = Array((file.hasPrefix(directory) ? String(file.dropFirst(directory.count)) : file).utf8)
        let used = Self.entryHeaderBytes + name.count + key.count + content.count
        let entry = UnsafeMutableRawBufferPointer.allocate(byteCount: (used + 7) & ~7, alignment: 8)
        defer { entry.deallocate() }
        entry.initializeMemory(as: UInt8.self, repeating: 0)
        entry.storeLittleEndian(UInt64(entry.count), at: 0)
        entry[8] = kind.rawValue
        entry.storeLittleEndian(UInt16(name.count), at: 10)
        entry.storeLittleEndian(place, at: 16)
        entry.storeLittleEndian(UInt64(key.count + content.count), at: 24)
        entry.storeLittleEndian(UInt32(key.count), at: 32)
        var end = Self.entryHeaderBytes
        for part in [name, Array(key), Array(content)] {
            UnsafeMutableRawBufferPointer(rebasing: entry[end...]).copyBytes(from: part)
            end += part.count
        }
        let checked = UnsafeRawBufferPointer(rebasing: entry[Self.entryHeaderBytes..<used])
        entry.storeLittleEndian(CRC32C.checksum(checked), at: 12)
        try append(UnsafeRawBufferPointer(entry))
        count += 1
    }

    /// Gives the file its name, durably; without entries there is none.
    ///
    /// - Returns: Whether there is a file.
    func finish() throws(EnvironmentError) -> Bool {
        guard count > 0 else { return false }
        guard fsync(descriptor) == 0 else { throw .system("fsync", temporaryPath) }
        let disk = PosixDisk()
        try disk.rename(temporaryPath, to: path)
        try disk.syncDirectory(directory + Self.directoryName)
        try disk.syncDirectory(directory)
        isFinished = true
        return true
    }

    /// Removes what was written, when nobody needs it.
    private func discard() {
        unlink(temporaryPath)
        rmdir(directory + Self.directoryName)
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws(EnvironmentError) {
        try KeyFile.write(bytes, to: descriptor, at: offset, path: temporaryPath)
        offset += bytes.count
    }
}
