/// Reads a segment from front to back through a window of memory, by `pread`: a medium that fails is an error then, not
/// the signal that reading a mapping would raise.
final class SegmentReader {
    /// Large enough to make calls rare; a larger group enlarges the window.
    private static let windowBytes = 1 << 20

    let file: any JournalFile
    /// Bytes in the file.
    let bytes: Int
    private var window: UnsafeMutableRawBufferPointer
    private var windowOffset = 0
    private var windowCount = 0

    init(file: any JournalFile) throws(EnvironmentError) {
        self.file = file
        bytes = try file.size()
        window = .allocate(byteCount: Self.windowBytes, alignment: 4_096)
    }

    deinit {
        window.deallocate()
    }

    /// The bytes at an offset, fewer than asked for at the file's end only; valid until the next call.
    func read(at offset: Int, count: Int) throws(EnvironmentError) -> UnsafeRawBufferPointer {
        let count = max(0, min(count, bytes - offset))
        if offset < windowOffset || offset + count > windowOffset + windowCount {
            if count > window.count {
                window.deallocate()
                window = .allocate(byteCount: count, alignment: 4_096)
            }
            windowCount = 0
            let wanted = min(window.count, bytes - offset)
            windowCount = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: window[..<wanted]), at: offset)
            windowOffset = offset
        }
        let start = offset - windowOffset
        return UnsafeRawBufferPointer(rebasing: window[start..<min(windowCount, start + count)])
    }

    /// The first place, a multiple of 8 behind `start`, where a number stands; nil: nowhere.
    ///
    /// A tight loop over the window: behind a journal's end there are up to 64 MiB to look through at every opening.
    func firstOffset(of word: UInt32, from start: Int) throws(EnvironmentError) -> Int? {
        var offset = start
        while offset + 8 <= bytes {
            let piece = try read(at: offset, count: min(Self.windowBytes, (bytes - offset) & ~7))
            var index = 0
            while index + 8 <= piece.count {
                if piece.loadLittleEndian(at: index, as: UInt32.self) == word { return offset + index }
                index += 8
            }
            if index == 0 { return nil }
            offset += index
        }
        return nil
    }
}
