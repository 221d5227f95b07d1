import MQTTWire

/// Valid CONNACK packets of all versions (3.2).
enum ConnackSamples {
    static let accepted311 = Sample("accepting CONNACK", .v311, from: .server, "20 02 00 00")
    static let sessionPresent311 = Sample("CONNACK with a session", .v311, from: .server, "20 02 01 00")
    static let refused311 = Sample("refusing CONNACK", .v311, from: .server, "20 02 00 05")
    static let accepted31 = Sample("accepting CONNACK", .v31, from: .server, "20 02 00 00")
    static let accepted50 = Sample("accepting CONNACK", .v50, from: .server, "20 03 01 00 00")
    static let refused50 = Sample("refusing CONNACK", .v50, from: .server, "20 03 00 87 00")

    /// What mosquitto 2.1 announces by default, in its order.
    static let announcing50 = Sample(
        "CONNACK with limits",
        .v50,
        from: .server,
        """
        20 0e 00 00
        0b
        22 00 0a           // topic alias maximum 10
        27 00 1e 84 80     // maximum packet size 2,000,000
        21 00 14           // receive maximum 20
        """
    )

    static let full50 = Sample(
        "CONNACK with everything",
        .v50,
        from: .server,
        """
        20 4b 00 00
        48
        22 00 0a                  // topic alias maximum
        27 00 1e 84 80            // maximum packet size
        21 00 14                  // receive maximum
        11 00 00 0e 10            // session expiry interval 3,600 s
        24 01                     // maximum QoS 1
        25 00                     // retain not available
        12 00 06 'auto-1'         // assigned client identifier
        28 00                     // no wildcards
        29 00                     // no subscription identifiers
        2a 00                     // no shared subscriptions
        13 00 1e                  // server keep alive 30 s
        1a 00 02 'r/'             // response information
        1c 00 05 'other'          // server reference
        15 00 01 'm'              // authentication method
        16 00 02 00 ff            // authentication data
        1f 00 02 'ok'             // reason string
        26 00 01 'k' 00 01 'v'    // user property
        """
    )

    static let all = [
        accepted311, sessionPresent311, refused311, accepted31, accepted50, refused50, announcing50, full50,
    ]
}
