import Glibc
import RetainedStore

extension MasterKeySource {
    /// The longest key text that is read; whatever is longer is no key.
    private static let textBytesMax = 4096

    /// Reads the key.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/key``, which never repeats what was read.
    func read() throws(CommandFailure) -> MasterKey {
        switch self {
        case .file(let path), .credential(let path):
            return try key(Self.readFile(path))
        case .command(let command):
            return try key(Self.output(of: command))
        case .environment(let variable):
            guard let value = getenv(variable) else {
                throw CommandFailure(.key, "\(name) is not set; \(Self.ways)")
            }
            return try key(Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
        case .passphrase(let variable):
            guard let value = getenv(variable) else {
                throw CommandFailure(.key, "$\(variable) is not set; \(Self.ways)")
            }
            return try passphrase(UnsafeRawBufferPointer(start: value, count: strlen(value)))
        case .passphraseFile(let path):
            var bytes = try Self.readFile(path)
            defer { Self.wipe(&bytes) }
            let span = bytes.span
            return try span.withUnsafeBytes { (bytes) throws(CommandFailure) in try passphrase(bytes) }
        }
    }

    private func key(_ bytes: [UInt8]) throws(CommandFailure) -> MasterKey {
        var bytes = bytes
        defer { Self.wipe(&bytes) }
        do throws(MasterKeyError) {
            let span = bytes.span
            return try span.withUnsafeBytes { (bytes) throws(MasterKeyError) -> MasterKey in
                if bytes.count == MasterKey.keyBytes { return try MasterKey(bytes: bytes) }
                return try MasterKey(text: bytes)
            }
        } catch {
            throw CommandFailure(.key, "\(name) holds no master key: \(error)")
        }
    }

    private func passphrase(_ bytes: UnsafeRawBufferPointer) throws(CommandFailure) -> MasterKey {
        do throws(MasterKeyError) {
            return try MasterKey(passphrase: bytes)
        } catch {
            throw CommandFailure(.key, "\(name) cannot be used: \(error)")
        }
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } }
    }

    private static func readFile(_ path: String) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(.key, "cannot read the master key \(path): \(reason); \(ways)")
        }
        defer { close(descriptor) }
        return readAll(descriptor)
    }

    private static func output(of command: String) throws(CommandFailure) -> [UInt8] {
        guard let stream = popen(command, "re") else {
            throw CommandFailure(.key, "cannot run the key command: \(String(cString: strerror(errno)))")
        }
        let bytes = readAll(fileno(stream))
        let status = pclose(stream)
        guard status == 0 else {
            throw CommandFailure(
                .key,
                "the key command failed with status \(status >> 8 & 0xFF); run it by hand to see why"
            )
        }
        return bytes
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: textBytesMax) { buffer, count in
            while count < buffer.count {
                let taken = Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
                if taken < 0, errno == EINTR { continue }
                guard taken > 0 else { break }
                count += taken
            }
        }
    }
}
