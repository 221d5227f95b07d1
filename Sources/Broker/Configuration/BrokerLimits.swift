import NIOCore

/// What the network side may take at the most; each is a bound of invariant B1.
///
/// The protocol's own limits stand in ``MQTTProtocol/ProtocolLimits``.
enum BrokerLimits {
    /// One read from a socket. Large enough that a burst of small packets is one batch, small enough to stay in the cache.
    static let readBytesMax = 256 * 1024
    /// A connection's first buffer; it grows with what the client sends.
    static let readBytesInitial = 2 * 1024
    /// Bytes waiting for a slow client's socket above which nothing optional is written to it any more.
    static let writeBytesHigh = 1024 * 1024
    /// Bytes waiting for a slow client's socket below which writing goes on.
    static let writeBytesLow = 256 * 1024
    /// The largest packet before a CONNECT was accepted, in bytes, header included, and the largest WebSocket frame until then: whoever has not said who it is gets little memory. Room for
    /// a will, a name and a password of any use; mosquitto draws the line at the same place.
    static let connectBytesMax = 100_000
    /// How long a connection that was told why it ends stays half open, so that the client gets to read it.
    static let lingerTimeout = TimeAmount.seconds(2)
    /// Bytes of the header fields of a WebSocket handshake. Tokens of identity providers have a few KiB.
    static let requestHeaderBytesMax = 32 * 1024
    /// Header fields of a WebSocket handshake.
    static let requestHeaderCountMax = 128
    /// Addresses whose connections and failures are counted: some 20 MiB at the most.
    static let addressesMax = 65_536
    /// Users, and addresses, for which it is counted what their clients have.
    static let accountsMax = 65_536
    /// Namespaces whose retained messages are counted.
    static let quotasMax = 65_536
    /// How old a count must be before a refusal has it made again, in milliseconds.
    static let recountMilliseconds: UInt64 = 10_000
    /// How often a WebSocket client is pinged, so that tunnels and proxies do not take it for dead.
    static let webSocketPingInterval = TimeAmount.seconds(30)
    /// Retained messages read in one slice of a scan before other work gets its turn; as many may be held for a client that takes
    /// few at a time.
    static let scanRecordsPerSlice = 128
    /// Bytes of retained messages in one slice of a scan, which may be held for a client too.
    static let scanBytesPerSlice = 64 * 1024
    /// Index seeks in one slice of a scan: `+/+/+/x` must not stall a loop.
    static let scanSeeksPerSlice = 512
    /// Acknowledgements that may wait for the journal before a connection's reads are withheld.
    static let acknowledgementsWaitingMax = 64 * 1024
    /// Connections waiting in the kernel to be accepted.
    static let backlog: Int32 = 1024
    /// Password checks waiting for a thread; beyond it a CONNECT is refused as busy.
    static let authenticationsWaitingMax = 256
    /// How long a broker whose store has failed goes on: retained messages are refused, everything else flows, and whoever watches
    /// its log gets to see why, before it ends and its supervisor starts it anew.
    static let storeFailureGrace = TimeAmount.seconds(5)
    /// How often offline sessions and delayed wills are looked at.
    static let housekeepingInterval = TimeAmount.seconds(1)
    /// When a will is published that the store did not take at first, in milliseconds.
    static let refusedWillDelayMilliseconds: UInt64 = 1_000
}
