import Mosquitto

/// One thing that a source of messages holds.
enum SourceItem {
    case message(RetainedMessage)
    /// A message that is there and cannot be read; why and where, without its content.
    case unreadable(String)
}
