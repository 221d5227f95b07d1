internal import Glibc

extension Keyring {
    /// What opening may do to the file.
    enum Access {
        /// Nothing.
        case readOnly
        /// Cut off a torn append, and append.
        case readWrite
    }

    /// Creates an empty keyring for a new store.
    ///
    /// - Throws: `KeyringError.alreadyExists`, unless what stands there is a keyring without keys, which a first start
    ///   that was interrupted may leave behind.
    static func create(path: String, setID: SetID, rootKey: RootKey) throws(KeyringError) -> Keyring {
        let existing = try KeyringError.mapping { () throws(EnvironmentError) in
            try KeyFile.read(path, bytesMax: KeyringHeader.bytes + 1)
        }
        if let existing, existing.count != KeyringHeader.bytes { throw .alreadyExists(path: path) }
        try KeyringError.mapping { () throws(EnvironmentError) in
            let (_, bytes) = try KeyringHeader.create(setID: setID, rootKey: rootKey)
            try KeyFile.replace(path, with: bytes)
        }
        return try open(path: path, setID: setID, rootKey: rootKey)
    }

    /// Opens a store's keyring.
    ///
    /// - Throws: `KeyringError`; `.missing` if there is no file, which is never answered by creating one.
    static func open(
        path: String,
        setID: SetID,
        rootKey: RootKey,
        access: Access = .readWrite
    ) throws(KeyringError) -> Keyring {
        let read = try KeyringError.mapping { () throws(EnvironmentError) in
            try KeyFile.read(path, bytesMax: KeyLimits.keyringBytesMax + 1)
        }
        guard let read else { throw .missing(path: path) }
        guard read.count <= KeyLimits.keyringBytesMax else {
            throw .damaged(
                at: UInt64(KeyLimits.keyringBytesMax),
                of: path,
                field: "end of file",
                expected: "at most \(KeyLimits.keyringBytesMax) bytes",
                found: "more"
            )
        }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: read.count, alignment: 16)
        defer { bytes.deallocate() }
        bytes.copyBytes(from: read)
        let file = UnsafeRawBufferPointer(bytes)
        let header = try KeyringHeader.parse(file, setID: setID, rootKey: rootKey, path: path)
        let contents = try KeyringContents(entriesOf: file, header: header, path: path)
        let descriptor =
            switch access {
            case .readOnly: Int32(-1)
            case .readWrite:
                try KeyringError.mapping { () throws(EnvironmentError) in
                    try openForAppending(path, bytes: file.count - contents.tornBytes, isTorn: contents.tornBytes > 0)
                }
            }
        return Keyring(path: path, header: header, contents: contents, descriptor: descriptor)
    }

    /// A descriptor for the file, cut to its whole entries.
    private static func openForAppending(_ path: String, bytes: Int, isTorn: Bool) throws(EnvironmentError) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(call: "open", path: path, errno: errno) }
        guard isTorn else { return descriptor }
        guard ftruncate(descriptor, off_t(bytes)) == 0, fsync(descriptor) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(call: "ftruncate", path: path, errno: code)
        }
        return descriptor
    }
}
