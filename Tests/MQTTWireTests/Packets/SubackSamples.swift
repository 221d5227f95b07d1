import MQTTWire

/// Valid SUBACK packets of all versions (3.9).
enum SubackSamples {
    static let granted311 = Sample("SUBACK", .v311, from: .server, "90 05 00 0a 01 02 80")
    static let granted31 = Sample("SUBACK", .v31, from: .server, "90 03 00 0a 00")
    static let granted50 = Sample("SUBACK", .v50, from: .server, "90 05 00 0a 00 01 87")
    static let explained50 = Sample(
        "SUBACK with properties",
        .v50,
        from: .server,
        """
        90 10 00 0a
        0c
        1f 00 02 'no'             // reason string
        26 00 01 'k' 00 01 'v'    // user property
        a2
        """
    )

    static let all = [granted311, granted31, granted50, explained50]
}
