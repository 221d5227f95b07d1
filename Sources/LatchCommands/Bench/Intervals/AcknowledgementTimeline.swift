/// When a connection's messages were acknowledged: its first so many by then.
///
/// Acknowledgements of one connection come in the order of its messages (MQTT 3.1.1, 4.6), so one entry for each read of
/// the socket says it for all of them.
struct AcknowledgementTimeline {
    private struct Entry {
        let acknowledged: Int
        let nanoseconds: UInt64
    }

    private var entries: [Entry] = []

    /// Messages acknowledged in all.
    var acknowledged: Int { entries.last?.acknowledged ?? 0 }

    /// Notes that the first `acknowledged` messages are acknowledged now; both numbers grow from call to call.
    mutating func note(acknowledged: Int, nanoseconds: UInt64) {
        entries.append(Entry(acknowledged: acknowledged, nanoseconds: nanoseconds))
    }

    /// When message number `message`, counted from 0, was acknowledged; `nil`: it was not.
    func nanoseconds(ofMessage message: Int) -> UInt64? {
        var range = entries.startIndex..<entries.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if entries[middle].acknowledged > message {
                range = range.lowerBound..<middle
            } else {
                range = (middle + 1)..<range.upperBound
            }
        }
        return range.lowerBound < entries.endIndex ? entries[range.lowerBound].nanoseconds : nil
    }
}
