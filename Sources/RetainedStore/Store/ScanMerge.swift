/// Merges sources into one sequence in the order of keys, in which each key appears once, with its newest record.
///
/// A binary heap: a step costs the logarithm of the number of sources.
struct ScanMerge {
    private var heap: [ScanSource] = []

    /// - Parameters:
    ///   - sources: Positioned nowhere yet.
    ///   - target: The sequence begins with the first key not less than it.
    init(_ sources: [ScanSource], from target: UnsafeRawBufferPointer) throws(IndexError) {
        heap.reserveCapacity(sources.count)
        for source in sources {
            try source.seek(target)
            push(source)
        }
    }

    /// The source that has the first key's newest record; nil at the end.
    @inline(__always)
    var first: ScanSource? { heap.first }

    /// Goes to the next key.
    mutating func advance() throws(IndexError) {
        guard !heap.isEmpty else { return }
        // Older records of the same key lie behind its newest one.
        while let position = positionBehindFirst, heap[0].compare(with: heap[position]) == 0 {
            try heap[position].advance()
            sift(position)
        }
        try heap[0].advance()
        sift(0)
    }

    /// Goes to the first key not less than `target`.
    mutating func seek(_ target: UnsafeRawBufferPointer) throws(IndexError) {
        while let first = heap.first, first.isBefore(target) {
            try first.seek(target)
            sift(0)
        }
    }

    /// Where the source stands that would be first without the first one.
    private var positionBehindFirst: Int? {
        if heap.count > 2, heap[2].precedes(heap[1]) { return 2 }
        return heap.count > 1 ? 1 : nil
    }

    private mutating func push(_ source: ScanSource) {
        guard !source.isAtEnd else { return }
        heap.append(source)
        var position = heap.count - 1
        while position > 0, heap[position].precedes(heap[(position - 1) / 2]) {
            heap.swapAt(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
    }

    /// Puts the source at a position, which has moved towards the end, into its place.
    private mutating func sift(_ start: Int) {
        var position = start
        if heap[position].isAtEnd {
            heap.swapAt(position, heap.count - 1)
            heap.removeLast()
            guard position < heap.count else { return }
            // What came from the end of the heap may belong above.
            while position > 0, heap[position].precedes(heap[(position - 1) / 2]) {
                heap.swapAt(position, (position - 1) / 2)
                position = (position - 1) / 2
            }
        }
        while true {
            var least = position
            for child in [2 * position + 1, 2 * position + 2] where child < heap.count {
                if heap[child].precedes(heap[least]) { least = child }
            }
            if least == position { return }
            heap.swapAt(position, least)
            position = least
        }
    }
}
