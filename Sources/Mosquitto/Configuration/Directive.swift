/// The directives that Latch acts on, by their names in the file.
enum Directive: String, CaseIterable {
    // Listeners and their options.
    case listener
    case port
    case bindAddress = "bind_address"
    case transport = "protocol"
    case socketDomain = "socket_domain"
    case maxConnections = "max_connections"
    case maxQoS = "max_qos"
    case maxTopicAlias = "max_topic_alias"
    case maxTopicAliasBroker = "max_topic_alias_broker"
    case acceptProtocolVersions = "accept_protocol_versions"
    case mountPoint = "mount_point"
    case listenerAllowAnonymous = "listener_allow_anonymous"
    case listenerAutoIDPrefix = "listener_auto_id_prefix"

    case proxyProtocol = "enable_proxy_protocol"
    case webSocketOrigin = "websockets_origin"

    // TLS of a listener.
    case certFile = "certfile"
    case keyFile = "keyfile"
    case caFile = "cafile"
    case caPath = "capath"
    case crlFile = "crlfile"
    case requireCertificate = "require_certificate"
    case disableClientCertificateDateChecks = "disable_client_cert_date_checks"
    case useIdentityAsUserName = "use_identity_as_username"
    case useSubjectAsUserName = "use_subject_as_username"
    case tlsVersion = "tls_version"
    case ciphers

    // Security, global or for each listener.
    case perListenerSettings = "per_listener_settings"
    case allowAnonymous = "allow_anonymous"
    case passwordFile = "password_file"
    case aclFile = "acl_file"
    case allowZeroLengthClientID = "allow_zero_length_clientid"
    case autoIDPrefix = "auto_id_prefix"
    case clientIDPrefixes = "clientid_prefixes"
    case aclSubscribe = "acl_subscribe"

    // Tokens, global or for each listener.
    case tokenKeySetFile = "token_jwks_file"
    case tokenKeySetURL = "token_jwks_url"
    case tokenKeySetAuthorityFile = "token_jwks_cafile"
    case tokenKeySetRefresh = "token_jwks_refresh"
    case tokenIssuer = "token_issuer"
    case tokenAudience = "token_audience"
    case tokenUserNameClaim = "token_username_claim"
    case tokenLeeway = "token_leeway"
    case tokenHeader = "token_header"
    case tokenCookie = "token_cookie"
    case apiTokenFile = "api_token_file"

    // Proxies in front of the broker.
    case trustedProxyAddress = "trusted_proxy_address"
    case trustedProxyHeader = "trusted_proxy_header"

    // What one address or one user may do.
    case limitConnectionsPerAddress = "limit_connections_per_address"
    case limitConnectionRate = "limit_connection_rate"
    case banAfterFailures = "ban_after_failures"
    case banSeconds = "ban_seconds"
    case limitConnectSeconds = "limit_connect_seconds"
    case limitConnectionsPerUser = "limit_connections_per_user"
    case limitConnectionRatePerUser = "limit_connection_rate_per_user"
    case limitPublishRatePerUser = "limit_publish_rate_per_user"
    case limitPublishBytesPerUser = "limit_publish_bytes_per_user"
    case limitPublishRatePerAddress = "limit_publish_rate_per_address"
    case limitPublishBytesPerAddress = "limit_publish_bytes_per_address"
    case limitPublishSeconds = "limit_publish_seconds"
    case limitQueuedBytesPerUser = "limit_queued_bytes_per_user"
    case limitQueuedBytesPerAddress = "limit_queued_bytes_per_address"
    case limitSubscriptionsPerUser = "limit_subscriptions_per_user"
    case limitSubscriptionsPerAddress = "limit_subscriptions_per_address"
    case limitRetainedMessages = "limit_retained_messages"
    case limitRetainedBytes = "limit_retained_bytes"
    case limitRetainedMessagesPerUser = "limit_retained_messages_per_user"
    case limitRetainedBytesPerUser = "limit_retained_bytes_per_user"
    case limitRetainedMessagesPerAddress = "limit_retained_messages_per_address"
    case limitRetainedBytesPerAddress = "limit_retained_bytes_per_address"
    case limitTopicLevels = "limit_topic_levels"

    // Persistence.
    case persistence
    case persistenceLocation = "persistence_location"
    case autosaveInterval = "autosave_interval"
    case autosaveOnChanges = "autosave_on_changes"
    case persistenceSync = "persistence_sync"
    case masterKeyFile = "master_key_file"
    case masterKeyCommand = "master_key_command"
    case keyringLocation = "keyring_location"
    case recoverOnStart = "recover_on_start"

    // Messages and sessions.
    case retainAvailable = "retain_available"
    case retainExpiryInterval = "retain_expiry_interval"
    case checkRetainSource = "check_retain_source"
    case maxInflightMessages = "max_inflight_messages"
    case maxInflightBytes = "max_inflight_bytes"
    case maxQueuedMessages = "max_queued_messages"
    case maxQueuedBytes = "max_queued_bytes"
    case queueQoS0Messages = "queue_qos0_messages"
    case maxPacketSize = "max_packet_size"
    case messageSizeLimit = "message_size_limit"
    case maxKeepAlive = "max_keepalive"
    case upgradeOutgoingQoS = "upgrade_outgoing_qos"
    case responseInformation = "response_information"
    case sysInterval = "sys_interval"
    case persistentClientExpiration = "persistent_client_expiration"
    case globalMaxClients = "global_max_clients"
    case globalMaxConnections = "global_max_connections"

    // The process and its log.
    case setTCPNoDelay = "set_tcp_nodelay"
    case connectionMessages = "connection_messages"
    case logDestination = "log_dest"
    case logType = "log_type"
    case logTimestamp = "log_timestamp"
    case logTimestampFormat = "log_timestamp_format"
    case logFacility = "log_facility"
    case auditDestination = "audit_dest"
    case auditFormat = "audit_format"
    case user
    case pidFile = "pid_file"
    case includeDirectory = "include_dir"
}
