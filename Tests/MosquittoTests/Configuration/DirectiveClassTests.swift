import Testing

@testable import Mosquitto

/// Every directive is in one of the classes.
struct DirectiveClassTests {
    /// All names that mosquitto 2.1.2 accepts, but for the families `auth_opt_*` and `plugin_opt_*`.
    static let names = """
        accept_protocol_versions acl_file allow_anonymous allow_duplicate_messages allow_zero_length_clientid auth_plugin
        auth_plugin_deny_special_chars auto_id_prefix autosave_interval autosave_on_changes bind_address bind_interface
        cafile capath certfile check_retain_source ciphers ciphers_tls1.3 clientid_prefixes connection_messages crlfile
        dhparamfile disable_client_cert_date_checks enable_control_api enable_proxy_protocol global_max_clients
        global_max_connections global_plugin http_dir include_dir keyfile listener listener_allow_anonymous
        listener_auto_id_prefix log_dest log_facility log_timestamp log_timestamp_format log_type max_connections
        max_inflight_bytes max_inflight_messages max_keepalive max_packet_size max_qos max_queued_bytes
        max_queued_messages max_topic_alias max_topic_alias_broker memory_limit message_size_limit mount_point
        packet_buffer_size password_file per_listener_settings persistence persistence_file persistence_location
        persistent_client_expiration pid_file plugin plugin_load plugin_use port protocol proxy_protocol_v2_require_tls
        psk_file psk_hint queue_qos0_messages require_certificate retain_available retain_expiry_interval
        retained_persistence retry_interval set_tcp_nodelay socket_domain sys_interval tls_engine tls_engine_kpass_sha1
        tls_keyform tls_version upgrade_outgoing_qos use_identity_as_username use_subject_as_username
        use_username_as_clientid user websockets_headers_size websockets_log_level websockets_origin

        connection address addresses bridge_alpn bridge_attempt_unsubscribe bridge_bind_address bridge_cafile
        bridge_capath bridge_certfile bridge_ciphers bridge_identity bridge_insecure bridge_keyfile
        bridge_max_packet_size bridge_max_topic_alias bridge_outgoing_retain bridge_protocol_version bridge_psk
        bridge_receive_maximum bridge_reload_type bridge_require_ocsp bridge_session_expiry_interval
        bridge_tcp_keepalive bridge_tcp_keepalive_counter bridge_tcp_keepalive_idle bridge_tcp_keepalive_interval
        bridge_tcp_user_timeout bridge_tls_use_os_certs bridge_tls_version cleansession clientid idle_timeout
        keepalive_interval local_cleansession local_clientid local_password local_username notification_topic
        notifications notifications_local_only password remote_clientid remote_password remote_username restart_timeout
        round_robin start_type threshold topic try_private username
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)

    @Test func everyDirectiveOfMosquittoIsKnown() {
        #expect(Self.names.count == 140)
        #expect(Set(Self.names).count == Self.names.count)
        for name in Self.names { #expect(DirectiveClass.of(name) != nil, "\(name)") }
    }

    @Test func whatIsKnownBesidesIsOurs() {
        let own: Set = [
            "persistence_sync", "acl_subscribe", "limit_connections_per_address", "limit_connection_rate",
            "ban_after_failures", "ban_seconds", "limit_connect_seconds", "limit_connections_per_user",
            "limit_connection_rate_per_user", "limit_publish_rate_per_user", "limit_publish_bytes_per_user",
            "limit_publish_rate_per_address", "limit_publish_bytes_per_address", "limit_publish_seconds",
            "limit_queued_bytes_per_user", "limit_queued_bytes_per_address", "limit_subscriptions_per_user",
            "limit_subscriptions_per_address", "limit_topic_levels", "limit_retained_messages", "limit_retained_bytes",
            "limit_retained_messages_per_user", "limit_retained_bytes_per_user",
            "limit_retained_messages_per_address", "limit_retained_bytes_per_address",
            "audit_dest", "audit_format", "trusted_proxy_address", "trusted_proxy_header",
            "token_jwks_file", "token_jwks_url", "token_jwks_cafile", "token_jwks_refresh", "token_issuer",
            "token_audience", "token_username_claim", "token_leeway", "token_header", "token_cookie", "api_token_file",
            "master_key_file",
            "master_key_command", "keyring_location", "recover_on_start", "response_information",
            // Spellings that mosquitto accepts and no longer lists.
            "maximum_qos", "bridge_ciphers_tls1.3",
        ]
        #expect(Set(DirectiveClass.knownNames).subtracting(Self.names) == own)
    }

    @Test func theFamiliesOfPluginOptionsAreKnown() {
        for name in ["auth_opt_db", "plugin_opt_config_file"] {
            guard case .unsupported(.plugins, unless: nil) = DirectiveClass.of(name) else {
                Issue.record("\(name)")
                continue
            }
        }
        #expect(DirectiveClass.of("plugin_option_x") == nil)
    }

    @Test(arguments: ["", "Listener", "LISTENER", "listeners", "#", "latch"])
    func otherNamesAreUnknown(name: String) {
        #expect(DirectiveClass.of(name) == nil)
    }

    @Test func whatIsIgnoredDoesNotTouchAccessOrTransport() {
        let ignored = Self.names.filter { name in
            if case .ignored = DirectiveClass.of(name) { return true }
            return false
        }
        #expect(
            ignored == [
                "allow_duplicate_messages", "dhparamfile", "packet_buffer_size", "persistence_file",
                "retry_interval", "websockets_headers_size", "websockets_log_level",
            ]
        )
    }
}
