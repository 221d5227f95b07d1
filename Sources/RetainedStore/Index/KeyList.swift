/// Keys, one behind the other in one piece of memory that is used again.
struct KeyList: ~Copyable {
    private var bytes: [UInt8] = []
    /// Where each ends.
    private var ends: [Int] = []

    var isEmpty: Bool { ends.isEmpty }

    mutating func append(_ key: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: key)
        ends.append(bytes.count)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    func forEach(_ body: (UnsafeRawBufferPointer) throws(IndexError) -> Void) throws(IndexError) {
        let span = bytes.span
        try span.withUnsafeBytes { bytes throws(IndexError) in
            var start = 0
            for end in ends {
                try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
    }
}
