/// What Latch does with a directive; every name that mosquitto 2.1.2 knows is in one of these classes.
///
/// The fourth class, the unknown ones, is what ``of(_:)`` has no answer for.
enum DirectiveClass: Sendable {
    /// The value of a directive that asks for nothing.
    enum Neutral: Sendable {
        case no
        case zero
    }

    /// It has an effect.
    case actedOn(Directive)
    /// It has none, and nobody is worse off: one warning at start names it.
    case ignored(reason: String)
    /// It restricts access, changes the transport or limits something, and is not implemented: Latch does not start,
    /// unless the line states the value that asks for nothing.
    case unsupported(UnsupportedFeature, unless: Neutral? = nil)

    /// The class of a directive, or `nil` if mosquitto does not know it either.
    static func of(_ name: String) -> DirectiveClass? {
        if let known = table[name] { return known }
        if name.hasPrefix("auth_opt_") || name.hasPrefix("plugin_opt_") { return .unsupported(.plugins) }
        return nil
    }

    /// Every name that stands for itself; `auth_opt_*` and `plugin_opt_*` are families.
    static var knownNames: some Collection<String> { table.keys }

    private static let table: [String: DirectiveClass] = {
        var table: [String: DirectiveClass] = [:]
        for directive in Directive.allCases { table[directive.rawValue] = .actedOn(directive) }
        // Old spellings.
        table["retained_persistence"] = .actedOn(.persistence)
        table["maximum_qos"] = .actedOn(.maxQoS)
        for (names, feature, neutral) in unsupported {
            for name in names { table[name] = .unsupported(feature, unless: neutral) }
        }
        for (name, reason) in harmless { table[name] = .ignored(reason: reason) }
        return table
    }()

    private static let harmless = [
        "persistence_file": "the store is a directory in persistence_location",
        "websockets_headers_size": "buffers grow as needed",
        "packet_buffer_size": "buffers grow as needed",
        "websockets_log_level": "log_type decides",
        "retry_interval": "messages are resent only when a client reconnects",
        "allow_duplicate_messages": "a message is sent once for overlapping subscriptions",
        "dhparamfile": "no longer used by mosquitto either",
    ]

    private static let unsupported: [(names: [String], feature: UnsupportedFeature, neutral: Neutral?)] = [
        (["ciphers_tls1.3"], .tls13Ciphers, nil),
        (["tls_engine", "tls_engine_kpass_sha1", "tls_keyform"], .tlsEngines, nil),
        (["psk_file", "psk_hint"], .preSharedKeys, nil),
        (["use_username_as_clientid"], .userNameAsClientID, .no),
        (
            [
                "auth_plugin", "auth_plugin_deny_special_chars", "plugin", "plugin_load", "plugin_use",
                "global_plugin",
            ], .plugins, nil
        ),
        (["proxy_protocol_v2_require_tls"], .proxyProtocol, .no),
        (["bind_interface"], .networkInterfaces, nil),
        (["http_dir"], .httpFiles, nil),
        (["enable_control_api"], .controlAPI, .no),
        (["memory_limit"], .memoryLimits, .zero),
        (bridges, .bridges, nil),
    ]

    private static let bridges = [
        "connection", "address", "addresses", "bridge_alpn", "bridge_attempt_unsubscribe", "bridge_bind_address",
        "bridge_cafile", "bridge_capath", "bridge_certfile", "bridge_ciphers", "bridge_ciphers_tls1.3",
        "bridge_identity", "bridge_insecure", "bridge_keyfile", "bridge_max_packet_size", "bridge_max_topic_alias",
        "bridge_outgoing_retain", "bridge_protocol_version", "bridge_psk", "bridge_receive_maximum",
        "bridge_reload_type", "bridge_require_ocsp", "bridge_session_expiry_interval", "bridge_tcp_keepalive",
        "bridge_tcp_keepalive_counter", "bridge_tcp_keepalive_idle", "bridge_tcp_keepalive_interval",
        "bridge_tcp_user_timeout", "bridge_tls_use_os_certs", "bridge_tls_version", "cleansession", "clientid",
        "idle_timeout", "keepalive_interval", "local_cleansession", "local_clientid", "local_password",
        "local_username", "notification_topic", "notifications", "notifications_local_only", "password",
        "remote_clientid", "remote_password", "remote_username", "restart_timeout", "round_robin", "start_type",
        "threshold", "topic", "try_private", "username",
    ]
}
