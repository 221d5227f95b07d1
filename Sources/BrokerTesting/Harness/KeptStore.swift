import Glibc
import RetainedStore

/// A store's place and key, for one broker after the other.
public final class KeptStore: Sendable {
    let directory: TemporaryDirectory
    let masterKey: MasterKey

    public init() throws {
        directory = try TemporaryDirectory()
        masterKey = try MasterKey.random()
    }

    private init(_ other: KeptStore) throws {
        directory = try TemporaryDirectory()
        masterKey = other.masterKey
    }

    var location: StoreLocation { StoreLocation(directory: directory.path + "/store") }

    /// What a killed broker would leave at this moment: a copy of the files as they are.
    ///
    /// Of a broker that loses what it has not synced (`BrokerSetup.losesUnsyncedWrites`), what a power cut would leave.
    public func copy() throws -> KeptStore {
        let copy = try KeptStore(self)
        // The index first: what it says is applied must be in the journal that is copied after it, as on a real disk.
        let store = location.directory
        let names = try Self.names(in: store).filter { $0 != "index" }.sorted()
        try Self.makeDirectory(copy.location.directory)
        for name in ["index"] + names {
            try Self.copy(store + "/" + name, to: copy.location.directory + "/" + name)
        }
        return copy
    }

    private static func copy(_ source: String, to target: String) throws {
        var status = stat()
        // A spare segment may get another name meanwhile.
        guard stat(source, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            try makeDirectory(target)
            for name in try names(in: source).sorted() { try copy(source + "/" + name, to: target + "/" + name) }
            return
        }
        let input = open(source, O_RDONLY)
        guard input >= 0 else { return }
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard output >= 0 else { throw ClientFailure.unexpected("cannot write \(target): errno \(errno)") }
        defer { close(output) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(input, buffer.baseAddress, buffer.count)
            guard count > 0 else { return }
            guard write(output, buffer.baseAddress, count) == count else {
                throw ClientFailure.unexpected("cannot write \(target): errno \(errno)")
            }
        }
    }

    private static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 else { throw ClientFailure.unexpected("cannot make \(path): errno \(errno)") }
    }

    private static func names(in path: String) throws -> [String] {
        guard let stream = opendir(path) else { throw ClientFailure.unexpected("cannot read \(path): errno \(errno)") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
