import Mosquitto

/// A place that exported messages go to.
protocol MessageSink {
    /// Takes one message.
    mutating func take(_ message: RetainedMessage) throws(CommandFailure)
    /// Makes everything that was taken lasting.
    mutating func finish() throws(CommandFailure)
}
