import MQTTWire

/// Valid PUBACK, PUBREC, PUBREL and PUBCOMP packets of all versions (3.4–3.7).
enum AcknowledgementSamples {
    static let puback311 = Sample("PUBACK", .v311, "40 02 00 0a")
    static let pubrec311 = Sample("PUBREC", .v311, "50 02 12 34")
    static let pubrel311 = Sample("PUBREL", .v311, "62 02 00 01")
    static let pubcomp311 = Sample("PUBCOMP", .v311, "70 02 ff ff")
    static let repeatedPubrel31 = Sample("PUBREL with DUP", .v31, "6a 02 00 01")
    static let puback50 = Sample("PUBACK", .v50, "40 02 00 0a")
    static let refusingPuback50 = Sample("PUBACK with a reason code", .v50, "40 03 00 0a 87")
    static let pubrel50 = Sample("PUBREL with a reason code", .v50, "62 03 00 01 92")
    static let emptyProperties50 = Sample("PUBREC with an empty property section", .v50, "50 04 00 0a 10 00")
    static let explained50 = Sample(
        "PUBCOMP with properties",
        .v50,
        """
        70 13 00 0a 92
        0f
        1f 00 02 'no'             // reason string
        26 00 02 'k1' 00 03 'val' // user property
        """
    )

    static let all = [
        puback311, pubrec311, pubrel311, pubcomp311, repeatedPubrel31, puback50, refusingPuback50, pubrel50,
        emptyProperties50, explained50,
    ]
}
