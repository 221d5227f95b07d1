extension StoreHeader {
    /// Reads the file and checks everything that can be checked without a key.
    ///
    /// - Throws: `StoreHeaderError`; `.missing` if there is no file.
    static func read(from path: String) throws(StoreHeaderError) -> StoreHeader {
        let read = try StoreHeaderError.mapping { () throws(EnvironmentError) in
            try KeyFile.read(path, bytesMax: KeyLimits.headerBytesMax)
        }
        guard let read else { throw .missing(path: path) }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: read.count, alignment: 16)
        defer { bytes.deallocate() }
        bytes.copyBytes(from: read)
        return try parse(UnsafeRawBufferPointer(bytes), path: path)
    }

    /// Puts the header in the file's place, so that a crash leaves the old one or the new.
    func write(to path: String, keys: DerivedKeys) throws(EnvironmentError) {
        try KeyFile.replace(path, with: try serialized(keys: keys).bytes)
    }
}
