import MQTTWire

/// Valid CONNECT packets of all versions (3.1).
enum ConnectSamples {
    static let minimal311 = Sample(
        "minimal CONNECT",
        .v311,
        """
        10 10            // CONNECT, 16 bytes
        00 04 'MQTT' 04  // 3.1.1
        02 00 3c         // clean session, keep alive 60 s
        00 04 'me-1'     // client identifier
        """
    )

    static let kept311 = Sample(
        "CONNECT without clean session and identifier",
        .v311,
        """
        10 0c
        00 04 'MQTT' 04
        00 00 00         // kept session, no keep alive
        00 00            // no client identifier
        """
    )

    static let full311 = Sample(
        "CONNECT with everything",
        .v311,
        """
        10 27
        00 04 'MQTT' 04
        ee ff ff         // user name, password, will: retained, QoS 1; clean session; keep alive 65,535 s
        00 02 'me'
        00 05 'w/all'    // will topic
        00 03 00 ff 01   // will message: any bytes
        00 05 'alice'
        00 04 'p' 00 'ss'
        """
    )

    static let minimal31 = Sample(
        "minimal CONNECT",
        .v31,
        """
        10 10
        00 06 'MQIsdp' 03
        02 00 0a
        00 02 'me'
        """
    )

    static let missingUserName31 = Sample(
        "CONNECT with the flags of user name and password, and neither",
        .v31,
        """
        10 10
        00 06 'MQIsdp' 03
        c2 00 0a         // the remaining length takes precedence
        00 02 'me'
        """
    )

    static let minimal50 = Sample(
        "minimal CONNECT",
        .v50,
        """
        10 0f
        00 04 'MQTT' 05
        02 00 3c
        00               // no properties
        00 02 'me'
        """
    )

    static let full50 = Sample(
        "CONNECT with everything",
        .v50,
        """
        10 92 01
        00 04 'MQTT' 05
        f6 00 1e                  // user name, password, will: retained, QoS 2; clean start; keep alive 30 s
        36                        // properties, 54 bytes
        11 00 00 00 3c            // session expiry interval 60 s
        21 00 14                  // receive maximum 20
        27 00 01 00 00            // maximum packet size 65,536
        22 00 0a                  // topic alias maximum 10
        19 01                     // request response information
        17 00                     // request problem information: no
        26 00 01 'k' 00 01 'v'    // user property
        26 00 01 'k' 00 01 'w'    // the same name again
        15 00 05 'SCRAM'          // authentication method
        16 00 03 00 01 ff         // authentication data
        26 00 01 'x' 00 00
        00 02 'me'
        34                        // will properties, 52 bytes
        18 00 00 00 05            // will delay interval 5 s
        02 00 00 00 3c            // message expiry interval 60 s
        01 01                     // payload is UTF-8
        03 00 0a 'text/plain'     // content type
        08 00 03 'r/e'            // response topic
        09 00 04 00 01 02 03      // correlation data
        26 00 01 'a' 00 01 'b'
        26 00 01 'a' 00 01 'c'
        00 05 'w/all'
        00 03 'bye'
        00 05 'alice'
        00 03 'key'
        """
    )

    static let passwordWithoutUserName50 = Sample(
        "CONNECT with a password and no user name",
        .v50,
        """
        10 13
        00 04 'MQTT' 05
        42 00 3c
        00
        00 02 'me'
        00 02 'pw'
        """
    )

    static let all = [
        minimal311, kept311, full311, minimal31, missingUserName31, minimal50, full50, passwordWithoutUserName50,
    ]
}
