/// The limits of this module, in one place.
public enum WireLimits {
    /// The largest remaining length: four bytes of seven bits (2.1.4 Remaining Length).
    @inlinable public static var remainingLengthMax: Int { 268_435_455 }

    /// The largest variable byte integer (1.5.5 Variable Byte Integer).
    @inlinable public static var variableByteIntegerMax: UInt32 { 268_435_455 }

    /// The longest string, topic or binary value in bytes: its length has two bytes (1.5.4, 1.5.6).
    @inlinable public static var stringBytesMax: Int { 65_535 }

    /// The most levels of a topic name or filter.
    ///
    /// The specification has no limit; matching and storing cost time and memory by the level, and mosquitto draws
    /// the line at the same place.
    @inlinable public static var topicLevelsMax: Int { 200 }

    /// The longest fixed header in bytes: type and flags, and up to four bytes of remaining length (2.1.1).
    @inlinable public static var fixedHeaderBytesMax: Int { 5 }
}
