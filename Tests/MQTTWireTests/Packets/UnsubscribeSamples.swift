import MQTTWire

/// Valid UNSUBSCRIBE packets of all versions (3.10).
enum UnsubscribeSamples {
    static let two311 = Sample("UNSUBSCRIBE", .v311, "a2 0c 00 0a 00 03 'a/b' 00 03 'c/#'")
    static let repeated31 = Sample("UNSUBSCRIBE with DUP", .v31, "aa 07 00 0a 00 03 'a/b'")
    static let minimal50 = Sample("UNSUBSCRIBE", .v50, "a2 08 00 0a 00 00 03 'a/b'")
    static let explained50 = Sample(
        "UNSUBSCRIBE with properties",
        .v50,
        """
        a2 16 00 0a
        07
        26 00 01 'k' 00 01 'v'
        00 0a '$share/g/a'
        """
    )

    static let all = [two311, repeated31, minimal50, explained50]
}
