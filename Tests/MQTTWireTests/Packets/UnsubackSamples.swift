import MQTTWire

/// Valid UNSUBACK packets of all versions (3.11).
enum UnsubackSamples {
    static let plain311 = Sample("UNSUBACK", .v311, from: .server, "b0 02 00 0a")
    static let codes50 = Sample("UNSUBACK", .v50, from: .server, "b0 05 00 0a 00 00 11")
    static let explained50 = Sample(
        "UNSUBACK with properties",
        .v50,
        from: .server,
        """
        b0 10 00 0a
        0c
        1f 00 02 'no'
        26 00 01 'k' 00 01 'v'
        87
        """
    )

    static let all = [plain311, codes50, explained50]
}
