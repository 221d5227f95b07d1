/// Merges sources into one sequence in the order of keys, in which each key appears once, with its newest record.
///
/// A binary heap: a step costs the logarithm of the number of sources.
struct ScanMerge {
    /// Keeps alive what the heap refers to: counting references in every comparison would cost more than comparing.
    private let sources: [ScanSource]
    private var heap: [Unmanaged<ScanSource>] = []

    /// - Parameters:
    ///   - sources: Positioned nowhere yet.
    ///   - target: The sequence begins with the first key not less than it.
    init(_ sources: [ScanSource], from target: UnsafeRawBufferPointer) throws(IndexError) {
        self.sources = sources
        heap.reserveCapacity(sources.count)
        for source in sources {
            try source.seek(target)
            if !source.isAtEnd { push(Unmanaged.passUnretained(source)) }
        }
    }

    /// The source that has the first key's newest record; nil at the end.
    @inline(__always)
    var first: ScanSource? { heap.first?.takeUnretainedValue() }

    /// Goes to the next key.
    mutating func advance() throws(IndexError) {
        guard !heap.isEmpty else { return }
        // Older records of the same key lie behind its newest one.
        while let position = positionBehindFirst, hasSameKey(0, position) {
            try advance(position)
            sift(position)
        }
        try advance(0)
        sift(0)
    }

    /// Goes to the first key not less than `target`.
    mutating func seek(_ target: UnsafeRawBufferPointer) throws(IndexError) {
        while let first, first.isBefore(target) {
            try first.seek(target)
            sift(0)
        }
    }

    /// Where the source stands that would be first without the first one.
    private var positionBehindFirst: Int? {
        if heap.count > 2, precedes(2, 1) { return 2 }
        return heap.count > 1 ? 1 : nil
    }

    private mutating func push(_ source: Unmanaged<ScanSource>) {
        heap.append(source)
        rise(heap.count - 1)
    }

    /// Puts the source at a position, which may belong nearer to the top, into its place.
    private mutating func rise(_ start: Int) {
        var position = start
        while position > 0, precedes(position, (position - 1) / 2) {
            heap.swapAt(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
    }

    /// Puts the source at a position, which has moved towards the end, into its place.
    private mutating func sift(_ start: Int) {
        var position = start
        if heap[position]._withUnsafeGuaranteedRef({ $0.isAtEnd }) {
            heap.swapAt(position, heap.count - 1)
            heap.removeLast()
            guard position < heap.count else { return }
            // What came from the end of the heap may belong above.
            rise(position)
        }
        while true {
            var least = position
            let child = 2 * position + 1
            if child < heap.count, precedes(child, least) { least = child }
            if child + 1 < heap.count, precedes(child + 1, least) { least = child + 1 }
            if least == position { return }
            heap.swapAt(position, least)
            position = least
        }
    }

    @inline(__always)
    private func precedes(_ a: Int, _ b: Int) -> Bool {
        let other = heap[b]
        return heap[a]._withUnsafeGuaranteedRef { a in other._withUnsafeGuaranteedRef { a.precedes($0) } }
    }

    @inline(__always)
    private func hasSameKey(_ a: Int, _ b: Int) -> Bool {
        let other = heap[b]
        return heap[a]._withUnsafeGuaranteedRef { a in other._withUnsafeGuaranteedRef { a.compare(with: $0) == 0 } }
    }

    @inline(__always)
    private func advance(_ position: Int) throws(IndexError) {
        // What is called with the reference rethrows any error or none.
        let failure = heap[position]._withUnsafeGuaranteedRef { source in
            do throws(IndexError) {
                try source.advance()
                return IndexError?.none
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }
}
