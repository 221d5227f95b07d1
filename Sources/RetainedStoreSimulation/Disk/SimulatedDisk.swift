internal import Glibc
package import RetainedStore
internal import Synchronization

/// A disk in memory for a store's journal, which also follows what happens to the store's keyring and index.
///
/// The journal comes here through `JournalDisk`. LMDB, the keyring and the anchor write to real files; `WriteWatch` hears
/// of each write, sync and name before it happens. So there is one order of everything that is done to a store, and at
/// every sync a `CrashPoint`: from it, images of the whole store can be drawn.
package final class SimulatedDisk: JournalDisk {
    private struct State {
        var disk = DiskState()
        var points: [CrashPoint] = []
        var promises = Promises()
        /// Everything that was done, in its order.
        var trace = OperationTrace()
        /// Operations until the fault happens.
        var fault: (left: Int, kind: DiskFault)?
        /// Set by a fault: what everything is refused with.
        var refusal: Int32?
        var isOutOfSpace = false
        /// Whether the disk has lied about something.
        var hasLied = false
        var dropped: Set<SyncedPart> = []
        var random: SeededGenerator
        var arePreparationsHeld = false
        /// The thread that opens and ends the store: what it prepares is in its order by itself.
        var owner: pthread_t?
        var areWritesHeld = false
        var heldWriteCount = 0
    }

    private static let journalPrefix = "journal/"
    /// How long an operation is held at most: the schedule is for a seed to bring back, and must not stop a store that
    /// went another way.
    private static let heldMicrosecondsMax = 100_000
    private static let pollMicroseconds: UInt32 = 20

    private let directory: String
    private let state: Mutex<State>
    /// Called before a new keyring takes the old one's place: then a shred becomes possible.
    private let keyringReplaced: Mutex<@Sendable () -> Void> = Mutex({})

    /// A disk that holds a store's image, and follows keyring, anchor and index, which stand in a directory with the same
    /// contents.
    ///
    /// - Parameter directory: The store's, where `StoreImage.write(to:)` has put all but the journal.
    package init(_ image: StoreImage, directory: String, seed: UInt64 = 0) {
        self.directory = directory
        var state = State(random: SeededGenerator(seed: seed))
        for name in image.files.keys.sorted() { _ = state.disk.add(name, image.files[name] ?? []) }
        self.state = Mutex(state)
    }

    /// Hears of what is done to keyring, anchor and index from here on, until `unwatch`; and has the store's own thread
    /// prepare segments when `holdPreparations` says so.
    package func watch() {
        WriteWatch.add(directory, self)
        state.withLock { state in
            state.arePreparationsHeld = true
            state.owner = pthread_self()
        }
    }

    package func unwatch() {
        WriteWatch.remove(directory)
    }

    func onKeyringReplacement(_ body: @escaping @Sendable () -> Void) {
        keyringReplaced.withLock { $0 = body }
    }

    /// A number that stands for every operation so far, its place and its bytes.
    package var trace: UInt64 { state.withLock { $0.trace.value } }

    // MARK: - Crashes

    /// What a writer was told; crash points remember it.
    func acknowledged(_ lsn: UInt64) {
        promise { $0.acknowledgedLSN = max($0.acknowledgedLSN, lsn) }
    }

    /// Changes what the store's users have been promised; crash points remember it.
    func promise(_ change: (inout Promises) -> Void) {
        state.withLock { change(&$0.promises) }
    }

    /// The crash points so far; they are forgotten here.
    func takeCrashPoints() -> [CrashPoint] {
        state.withLock { state in
            defer { state.points.removeAll() }
            return state.points + [Self.point(state, .nothing)]
        }
    }

    private static func point(_ state: State, _ part: SyncedPart) -> CrashPoint {
        CrashPoint(state: state.disk, promises: state.promises, part: part)
    }

    /// Remembers the moment before a sync; whether it is to be done.
    private static func isDone(_ part: SyncedPart, _ state: inout State) -> Bool {
        state.trace.add("sync", part.rawValue)
        state.points.append(point(state, part))
        return !state.dropped.contains(part)
    }

    // MARK: - Faults

    /// Lets a fault happen after so many operations.
    package func arm(_ fault: DiskFault, after count: Int) {
        state.withLock { $0.fault = (count, fault) }
    }

    /// Ends `DiskFault.outOfSpace`, and errors that say the same.
    package func giveSpace() {
        state.withLock { state in
            state.isOutOfSpace = false
            if let code = state.refusal, [ENOSPC, EDQUOT].contains(code) { state.refusal = nil }
            if state.fault?.kind == .outOfSpace { state.fault = nil }
        }
    }

    /// Reports syncs of a kind from now on without doing them.
    package func drop(_ syncs: Set<SyncedPart>) {
        state.withLock { $0.dropped = syncs }
    }

    var hasLied: Bool { state.withLock { $0.hasLied } }
    var hasFailed: Bool { state.withLock { $0.refusal != nil } }

    /// Counts an operation, and refuses it where that is due.
    func perform(_ call: String, _ path: String) throws(EnvironmentError) {
        let code = state.withLock { Self.refusal(&$0) }
        if let code { throw .system(call: call, path: path, errno: code) }
    }

    private static func refusal(_ state: inout State) -> Int32? {
        if let code = state.refusal { return code }
        guard let fault = state.fault else { return nil }
        state.fault?.left = max(0, fault.left - 1)
        guard fault.left <= 0 else { return nil }
        switch fault.kind {
        case .error(let code):
            state.refusal = code
            return code
        case .outOfSpace:
            state.isOutOfSpace = true
            return nil
        // Happen at the next write.
        case .shortWrite, .flippedBit, .zeroedSector, .misdirectedWrite: return nil
        }
    }

    /// A write as it reaches the medium; throws the error of a fault that is due.
    private static func write(
        _ number: DiskState.FileNumber,
        _ bytes: [UInt8],
        at offset: Int,
        fileBytes: Int,
        _ state: inout State
    ) -> Int32? {
        if let code = refusal(&state) { return code }
        bytes.withUnsafeBytes { state.trace.add("write", "\(number)", $0, at: offset) }
        guard let fault = state.fault, fault.left <= 0, fault.kind != .outOfSpace else {
            state.disk.write(number, bytes, at: offset)
            return nil
        }
        state.fault = nil
        var bytes = bytes
        var offset = offset
        switch fault.kind {
        case .shortWrite(let code):
            state.disk.write(number, Array(bytes.prefix(state.random.number(0...bytes.count - 1))), at: offset)
            state.refusal = code
            return code
        case .flippedBit:
            bytes[state.random.number(0...bytes.count - 1)] ^= 1 << UInt8(state.random.number(0...7))
        case .zeroedSector:
            let start = state.random.number(0...bytes.count - 1)
            for index in start..<min(bytes.count, start + FileContents.sectorBytes) { bytes[index] = 0 }
        case .misdirectedWrite:
            let places = max(1, (fileBytes - bytes.count) / FileContents.sectorBytes)
            offset = state.random.number(0...places - 1) * FileContents.sectorBytes
        case .error, .outOfSpace: break
        }
        state.hasLied = true
        state.disk.write(number, bytes, at: offset)
        return nil
    }

    // MARK: - The schedule

    /// Lets no segment be prepared for now, so that it happens where a seed says.
    func holdPreparations(_ isHeld: Bool) {
        state.withLock { $0.arePreparationsHeld = isHeld }
    }

    /// Keeps the journal from writing, so that a group gathers.
    func holdWrites(_ isHeld: Bool) {
        state.withLock { state in
            state.areWritesHeld = isHeld
            state.heldWriteCount = 0
        }
    }

    /// Returns when the journal waits to write.
    func waitForHeldWrite() {
        wait { $0.heldWriteCount == 0 && $0.refusal == nil }
    }

    private func wait(while condition: (State) -> Bool) {
        var waited = 0
        while waited < Self.heldMicrosecondsMax, state.withLock({ condition($0) }) {
            usleep(Self.pollMicroseconds)
            waited += Int(Self.pollMicroseconds)
        }
    }

    private func waitToPrepare() {
        let thread = pthread_self()
        wait { $0.arePreparationsHeld && $0.owner != thread }
    }

    private func waitToWrite() {
        let isHeld = state.withLock { state in
            if state.areWritesHeld { state.heldWriteCount += 1 }
            return state.areWritesHeld
        }
        if isHeld { wait { $0.areWritesHeld } }
    }

    // MARK: - The journal's directory

    package func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile {
        if creating { waitToPrepare() }
        try perform("open", path)
        let name = name(of: path)
        let found = state.withLock { state -> (DiskState.FileNumber, [UInt8])? in
            if let number = state.disk.number(of: name) {
                return (number, state.disk.files[number]?.image(.everything) ?? [])
            }
            return creating ? (state.disk.create(name), []) : nil
        }
        guard let (number, bytes) = found else { throw .system(call: "open", path: path, errno: ENOENT) }
        return SimulatedFile(self, number: number, path: path, bytes: bytes)
    }

    package func names(in directory: String) throws(EnvironmentError) -> [String] {
        try perform("readdir", directory)
        return state.withLock { $0.disk.currentNames }.filter { $0.hasPrefix(Self.journalPrefix) }
            .map { String($0.dropFirst(Self.journalPrefix.count)) }
    }

    package func rename(_ path: String, to newPath: String) throws(EnvironmentError) {
        let newName = name(of: newPath)
        if newName.contains("spare") { waitToPrepare() }
        try perform("rename", path)
        try rename(path, toName: newName)
    }

    package func remove(_ path: String) throws(EnvironmentError) {
        waitToPrepare()
        try perform("unlink", path)
        try rename(path, toName: nil)
    }

    private func rename(_ path: String, toName newName: String?) throws(EnvironmentError) {
        let name = name(of: path)
        let isThere = state.withLock { state in
            state.trace.add("rename", "\(name) to \(newName ?? "nothing")")
            guard let number = state.disk.number(of: name) else { return false }
            state.disk.rename(number, to: newName)
            return true
        }
        if !isThere { throw .system(call: "rename", path: path, errno: ENOENT) }
    }

    package func syncDirectory(_ path: String) throws(EnvironmentError) {
        try perform("fsync", path)
        state.withLock { state in
            if Self.isDone(.directory, &state) { state.disk.syncNames(in: "journal") }
        }
    }

    private func name(of path: String) -> String {
        Self.journalPrefix + (path.split(separator: "/").last.map(String.init) ?? path)
    }

    // MARK: - The journal's files

    func allocate(_ number: DiskState.FileNumber, bytes: Int, path: String) throws(EnvironmentError) {
        try perform("posix_fallocate", path)
        let isFull = state.withLock { state in
            if state.isOutOfSpace { return true }
            state.disk.write(number, [UInt8](repeating: 0, count: bytes), at: 0)
            if Self.isDone(.zeros, &state) { state.disk.sync(number) }
            return false
        }
        if isFull { throw .system(call: "posix_fallocate", path: path, errno: ENOSPC) }
    }

    func write(
        _ number: DiskState.FileNumber,
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        path: String
    ) throws(EnvironmentError) {
        waitToWrite()
        let code = state.withLock { state -> Int32? in
            let fileBytes = state.disk.files[number]?.image(.nothing).count ?? 0
            return Self.write(number, Array(bytes), at: offset, fileBytes: fileBytes, &state)
        }
        if let code { throw .system(call: "pwrite", path: path, errno: code) }
    }

    func sync(_ number: DiskState.FileNumber, path: String) throws(EnvironmentError) {
        try perform("fdatasync", path)
        state.withLock { state in
            if Self.isDone(.segment, &state) { state.disk.sync(number) }
        }
    }

    // MARK: - Keyring, anchor and index

    /// Answers as `write_recorder` does.
    func watchedWrite(
        _ name: String,
        isUnlinked: Bool,
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int
    ) -> Int32 {
        state.withLock { state in
            if let code = Self.refusal(&state) { return code }
            if state.isOutOfSpace, name == StoreImage.indexName { return ENOSPC }
            state.trace.add("write", isUnlinked ? "old \(name)" : name, bytes, at: offset)
            let number = isUnlinked ? state.disk.replacedNumber(of: name) : state.disk.number(of: name)
            if let number {
                state.disk.write(number, Array(bytes), at: offset)
            } else if !isUnlinked {
                state.disk.write(state.disk.create(name), Array(bytes), at: offset)
            }
            return 0
        }
    }

    func watchedTruncation(_ name: String, to size: Int) -> Int32 {
        state.withLock { state in
            if let code = Self.refusal(&state) { return code }
            state.trace.add("truncate", "\(name) to \(size)")
            if let number = state.disk.number(of: name) { state.disk.truncate(number, to: size) }
            return 0
        }
    }

    func watchedSync(_ name: String, isUnlinked: Bool) -> Int32 {
        state.withLock { state in
            if let code = Self.refusal(&state) { return code }
            if name.isEmpty {
                if Self.isDone(.storeDirectory, &state) { state.disk.syncNames(in: "") }
                return -1
            }
            let number = isUnlinked ? state.disk.replacedNumber(of: name) : state.disk.number(of: name)
            let part: SyncedPart =
                if name == StoreImage.indexName {
                    .index
                } else {
                    name.hasPrefix(StoreImage.anchorName) ? .anchor : .keyring
                }
            if Self.isDone(part, &state), let number { state.disk.sync(number) }
            // The real file needs none: it lives as long as the test.
            return -1
        }
    }

    /// - Parameter newName: nil: none.
    func watchedRename(_ name: String, to newName: String?) -> Int32 {
        if newName == StoreImage.keyringName { keyringReplaced.withLock { $0 }() }
        return state.withLock { state in
            // What is not there is not renamed.
            guard let number = state.disk.number(of: name) else { return 0 }
            if let code = Self.refusal(&state) { return code }
            state.trace.add("rename", "\(name) to \(newName ?? "nothing")")
            state.disk.rename(number, to: newName)
            return 0
        }
    }
}
