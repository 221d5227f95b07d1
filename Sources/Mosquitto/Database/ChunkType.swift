/// What a chunk of a mosquitto.db holds.
enum ChunkType: UInt32 {
    case configuration = 1
    /// A message, retained or queued, under a store id.
    case baseMessage = 2
    /// A message's place in the queue of a client.
    case clientMessage = 3
    /// The mark that makes a base message the retained one of its topic.
    case retain = 4
    case subscription = 5
    case client = 6

    /// The least length of its body.
    func bodyBytesMin(version: UInt32) -> Int {
        let isOld = version < 5
        return switch self {
        case .configuration: isOld ? 10 : 12
        case .baseMessage: isOld ? 22 : 32
        case .clientMessage: isOld ? 14 : 16
        case .retain: 8
        case .subscription: isOld ? 5 : 12
        case .client: isOld ? 4 : 16
        }
    }
}
