/// Which side wrote a packet: some fields may be sent by one side only.
@frozen
public enum Sender: Sendable, Hashable {
    case client
    case server
}
