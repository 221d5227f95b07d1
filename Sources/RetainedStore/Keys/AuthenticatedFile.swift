/// A small file that is replaced as a whole and that only the root key's holder can write.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic: seven letters and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | state: 0 or 1 |
/// | 12 | 4 | zero |
/// | 16 | … | fields |
/// | … | 16 | AES-CMAC(header key, all bytes before) |
/// | … | 4 | CRC-32C of all bytes before |
struct AuthenticatedFile {
    private static let fieldsOffset = 16

    /// The magic, as a little-endian number.
    let magic: UInt64
    /// The length of the fields.
    let fieldBytes: Int

    private var macOffset: Int { Self.fieldsOffset + fieldBytes }
    private var checksumOffset: Int { macOffset + AESCMAC.tagBytes }
    private var bytes: Int { checksumOffset + 4 }

    /// Puts the file in the old one's place, so that a crash leaves the old one or the new.
    ///
    /// - Parameter fill: Writes the fields into zeroed memory.
    func write(
        to path: String,
        state: Bool,
        key: SecretBytes,
        _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(EnvironmentError) {
        let file = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 16)
        defer { file.deallocate() }
        file.initializeMemory(as: UInt8.self, repeating: 0)
        file.storeLittleEndian(magic, at: 0)
        file.storeLittleEndian(FormatVersion.current, at: 8)
        file.storeLittleEndian(UInt16(state ? 1 : 0), at: 10)
        fill(UnsafeMutableRawBufferPointer(rebasing: file[Self.fieldsOffset..<macOffset]))
        var cipher = try AESCMAC(key: key)
        file.storeLittleEndian(cipher.tag(of: UnsafeRawBufferPointer(rebasing: file[..<macOffset])), at: macOffset)
        let checked = UnsafeRawBufferPointer(rebasing: file[..<checksumOffset])
        file.storeLittleEndian(CRC32C.checksum(checked), at: checksumOffset)
        try KeyFile.replace(path, with: Array(file))
    }

    /// Reads the file; nil if there is none.
    ///
    /// - Parameters:
    ///   - key: nil without the key: then the MAC is taken at its word.
    ///   - body: Receives the state and the fields.
    func read<Result>(
        from path: String,
        key: SecretBytes?,
        _ body: (Bool, UnsafeRawBufferPointer) -> Result
    ) throws(StoreError) -> Result? {
        let read = try StoreError.whileReading { () throws(EnvironmentError) in
            try KeyFile.read(path, bytesMax: bytes + 1)
        }
        guard let read else { return nil }
        guard read.count == bytes else { throw .damaged(path, at: 0, "bytes", expected: bytes, found: read.count) }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 16)
        defer { memory.deallocate() }
        memory.copyBytes(from: read)
        let file = UnsafeRawBufferPointer(memory)
        try check(file, path, key)
        return body(
            file.loadLittleEndian(at: 10, as: UInt16.self) == 1,
            UnsafeRawBufferPointer(rebasing: file[Self.fieldsOffset..<macOffset])
        )
    }

    private func check(_ file: UnsafeRawBufferPointer, _ path: String, _ key: SecretBytes?) throws(StoreError) {
        func check(_ field: String, at offset: Int, _ expected: String, _ found: String) throws(StoreError) {
            if expected != found { throw .damaged(path, at: offset, field, expected: expected, found: found) }
        }
        let found = file.loadLittleEndian(at: 0, as: UInt64.self)
        try check("magic", at: 0, String(magic, radix: 16), String(found, radix: 16))
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: file[..<checksumOffset]))
        let stored = file.loadLittleEndian(at: checksumOffset, as: UInt32.self)
        try check("CRC-32C", at: checksumOffset, checksum.hexadecimal, stored.hexadecimal)
        let version = file.loadLittleEndian(at: 8, as: UInt16.self)
        guard version == FormatVersion.current else {
            throw .unsupported(file: path, what: "format version \(version)")
        }
        guard file.loadLittleEndian(at: 10, as: UInt16.self) <= 1, file.loadLittleEndian(at: 12, as: UInt32.self) == 0
        else { throw .damaged(path, at: 10, "state", expected: "0 or 1", found: "another") }
        guard let key else { return }
        var cipher = try StoreError.cipher(key)
        let mac = cipher.tag(of: UnsafeRawBufferPointer(rebasing: file[..<macOffset]))
        let foundMAC = file.loadLittleEndian(at: macOffset, as: UInt128.self)
        try check("AES-CMAC", at: macOffset, mac.hexadecimal, foundMAC.hexadecimal)
    }
}
