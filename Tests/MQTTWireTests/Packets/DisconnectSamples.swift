import MQTTWire

/// Valid DISCONNECT packets of all versions (3.14).
enum DisconnectSamples {
    static let plain311 = Sample("DISCONNECT", .v311, "e0 00")
    static let plain31 = Sample("DISCONNECT", .v31, "e0 00")
    static let plain50 = Sample("DISCONNECT", .v50, "e0 00")
    static let withWill50 = Sample("DISCONNECT with the will", .v50, "e0 01 04")

    /// Figure 3-24 of 5.0, with its property length of 5.
    static let sessionExpiry50 = Sample("DISCONNECT with session expiry", .v50, "e0 07 00 05 11 00 00 00 00")
    static let emptyProperties50 = Sample("DISCONNECT with an empty property section", .v50, "e0 02 00 00")
    static let ofServer50 = Sample("DISCONNECT of a server", .v50, from: .server, "e0 01 8e")
    static let explained50 = Sample(
        "DISCONNECT of a server with properties",
        .v50,
        from: .server,
        """
        e0 16 9c
        14
        1f 00 02 'no'             // reason string
        26 00 01 'k' 00 01 'v'    // user property
        1c 00 05 'other'          // server reference
        """
    )

    static let all = [
        plain311, plain31, plain50, withWill50, sessionExpiry50, emptyProperties50, ofServer50, explained50,
    ]
}
