import Authentication
import MQTTProtocol
import MQTTWire
import NIOCore
import RetainedStore

/// One client's connection: bytes in, the protocol's machine, bytes out.
///
/// A read is one batch: its packets are decoded where they lie, its publications staged, and the whole batch is committed before the buffer is given up. Acknowledgements leave in
/// one write for each turn of the loop; those of retained messages wait until the journal is durable.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Why no more is read from the client for now.
    struct Withholding: OptionSet {
        let rawValue: UInt8
        /// CONNECT is being decided: a password is checked, or a session is on its way here.
        static let connecting = Withholding(rawValue: 1)
        /// The store is at a limit: writers are slowed, nothing is dropped.
        static let storePressure = Withholding(rawValue: 2)
        /// Too many acknowledgements wait for the journal.
        static let acknowledgements = Withholding(rawValue: 4)
        /// The client does not take what it is sent.
        static let slowReader = Withholding(rawValue: 8)
        /// The client publishes faster than it may.
        static let rate = Withholding(rawValue: 16)
        /// A namespace is being counted that the client wants to retain something in.
        static let quota = Withholding(rawValue: 32)
        /// While one of these holds, what has been read already waits too.
        static let undecided: Withholding = [.connecting, .rate, .quota]
        /// Too much waits for the journal before it may leave.
        static let heldAnswers = Withholding(rawValue: 64)
    }

    let loop: BrokerLoop
    let listener: Listener
    // These four belong to one event loop and are touched for every packet; no call that changes one leads back to it.
    @exclusivity(unchecked) var machine: ConnectionMachine
    @exclusivity(unchecked) var acknowledgements: AcknowledgementQueue
    /// Bytes that wait for the journal, and what has been written behind them, in order.
    @exclusivity(unchecked) var held: [HeldBytes] = []
    @exclusivity(unchecked) var heldByteCount = 0
    /// Whether what is written in this turn waits for what the session has changed in it.
    @exclusivity(unchecked) var isHeldBack = false
    /// What CONNACK waits for.
    var connackLSN: UInt64 = 0
    /// Bytes to be written at the end of this turn.
    @exclusivity(unchecked) var outbound = ByteBuffer()
    /// Whether `loop` knows that there are some.
    @exclusivity(unchecked) var isMarkedUnflushed = false
    /// The client's session, from CONNACK to the end.
    var session: LoopSession?
    /// Whether `loop` tells this connection about the journal's progress.
    var isAwaitingJournal = false
    /// What this client's publications are kept with.
    var publisher = Publisher(origin: PublicationOrigin(), session: nil)
    /// The largest packet that is taken from the client: before its CONNECT was accepted a small one.
    @exclusivity(unchecked) var inboundPacketBytesMax: Int
    /// The largest packet that the client takes.
    var outboundPacketBytesMax = Int.max
    /// The aliases that this client has heard; `nil` where it allows none.
    @exclusivity(unchecked) var outboundAliases: OutboundTopicAliases?
    /// Whether messages to this client are written otherwise than they are stored: with an alias, or without a mount point.
    @exclusivity(unchecked) var rewritesTopics = false
    /// Whether this read finished deliveries, so that others may follow.
    var hasFinishedDeliveries = false
    /// An enhanced authentication under way.
    var exchange: (any AuthenticationExchange)?
    /// The CONNECT that began it; `nil` where a connected client authenticates again.
    var exchangingConnect: Connect?
    /// The CONNECT that is being decided.
    var pendingConnect: Connect?
    /// Whether its address's connections have counted it before there was a handler.
    var isCountedEarly = false
    /// The token of the WebSocket request, until it is looked at.
    var presentedToken: PresentedToken?
    /// Seconds since 1970 at which the client's token stops to prove who it is; `nil` for a client without one that ends.
    var tokenExpiresAtSeconds: Int64?
    /// Waits for that.
    var tokenTimer: Scheduled<Void>?
    /// Whether its address's connections count this one.
    var isCounted = false
    /// Who asked to be let in, for the audit trail.
    var attempt: (clientIdentifier: UTF8String, userName: UTF8String?)?
    /// What proved it.
    var proof = LoginProof.anonymous
    /// Publications that were denied.
    var denials = DenialCount()
    /// What its user and its address may do.
    var accounts = Accounts()
    /// The client identifier under which their connections count this one.
    var countedClientID: [UInt8] = []
    /// How fast its user and its address may publish.
    var rates: [PublishRate] = []
    /// Whether there are any.
    @exclusivity(unchecked) var isRated = false
    /// Since when it has been slowed again and again, in monotonic milliseconds; `nil`: it has not.
    var slowedSince: UInt64?
    /// The namespace that it wrote to last, where those are limited.
    var lastQuota: RetainedQuota?
    /// Looks whether a counting has ended.
    var counting: Scheduled<Void>?
    /// Ends the slowing.
    var slowing: Scheduled<Void>?
    /// Where the client is; a proxy may have said so.
    let peer: Peer
    private(set) var context: ChannelHandlerContext?
    private var withholding: Withholding = []
    private var hasWithheldRead = false
    private var unread = ByteBuffer()
    private var isConsuming = false
    private var timer: Scheduled<Void>?
    private var hasBegun = false

    init(loop: BrokerLoop, listener: Listener, peer: Peer, token: PresentedToken? = nil) {
        self.peer = peer
        presentedToken = token
        self.loop = loop
        self.listener = listener
        machine = ConnectionMachine(limits: listener.limits, now: loop.now)
        acknowledgements = AcknowledgementQueue(countMax: listener.limits.acknowledgementQueueCountMax)
        inboundPacketBytesMax = min(BrokerLimits.connectBytesMax, listener.limits.packetBytesMax)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin() }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.connectionLost)
        // The will, if there is one, goes out now.
        loop.finishTurn()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.connectionLost)
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        timer = schedule(after: listener.connectTimeout)
        loop.connectionOpened(self)
    }

    /// The connection is over for the broker; the transport may still be closing.
    func end(_ reason: ConnectionEnd) {
        timer?.cancel()
        timer = nil
        slowing?.cancel()
        slowing = nil
        counting?.cancel()
        counting = nil
        tokenTimer?.cancel()
        tokenTimer = nil
        machine.closed()
        acknowledgements.removeAll()
        loop.connectionEnded(self, reason)
    }

    /// Ends the connection.
    func close(_ reason: ConnectionEnd) {
        flush()
        end(reason)
        context?.close(promise: nil)
    }

    /// Ends the connection after what was written last has left, and has had time to arrive.
    ///
    /// Closing a socket with bytes unread resets the connection, and a reset may overtake the last packet, which says
    /// why it ended. So only this side is closed (RFC 9293, 3.6); what the client still sends is thrown away until it
    /// closes the other, or time is up.
    func closeLingering(_ reason: ConnectionEnd) {
        dropHeld()
        guard let context, outbound.readableBytes > 0 else { return close(reason) }
        let written = context.eventLoop.makePromise(of: Void.self)
        flush(written)
        end(reason)
        withholding = []
        if hasWithheldRead {
            hasWithheldRead = false
            context.read()
        }
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        written.futureResult.whenComplete { _ in bound.value.context?.close(mode: .output, promise: nil) }
        let timeout = loop.eventLoop.scheduleTask(in: BrokerLimits.lingerTimeout) {
            bound.value.context?.close(promise: nil)
        }
        context.channel.closeFuture.whenComplete { _ in timeout.cancel() }
    }

    // MARK: Reading

    /// How far the client has come.
    var admission: FirstFramesHandler.Admission {
        if machine.isConnected { return .inside }
        return machine.isAuthenticating ? .deciding : .outside
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A connection that lingers hears nothing any more.
        guard !machine.isOver else { return }
        var bytes = unwrapInboundIn(data)
        machine.bytesReceived(now: loop.now)
        loop.counters.bytesReceived += bytes.readableBytes
        if unread.readableBytes > 0 {
            unread.writeBuffer(&bytes)
        } else {
            unread = bytes
        }
        consumeUnread()
    }

    /// Decodes what has been read as far as it goes.
    func consumeUnread() {
        guard unread.readableBytes > 0, !isConsuming, withholding.isDisjoint(with: .undecided) else { return }
        var bytes = ByteBuffer()
        swap(&bytes, &unread)
        isConsuming = true
        let consumed = bytes.withUnsafeReadableBytes { consume($0) }
        isConsuming = false
        bytes.moveReaderIndex(forwardBy: consumed)
        if bytes.readableBytes > 0 {
            bytes.discardReadBytes()
            unread = bytes
        }
        loop.finishTurn()
    }

    func read(context: ChannelHandlerContext) {
        if withholding.isEmpty {
            context.read()
        } else {
            hasWithheldRead = true
        }
    }

    /// Stops reading from the client; what it sends waits in the kernel, and then at the client.
    func withholdReads(_ reason: Withholding) {
        withholding.insert(reason)
    }

    func resumeReads(_ reason: Withholding) {
        guard withholding.contains(reason) else { return }
        withholding.remove(reason)
        if Withholding.undecided.contains(reason) { consumeUnread() }
        guard withholding.isEmpty, hasWithheldRead else { return }
        hasWithheldRead = false
        context?.read()
    }

    // MARK: Writing

    /// Writes packets into this turn's bytes.
    func send(_ write: (inout ByteBuffer) -> Void) {
        write(&outbound)
        loop.counters.packetsSent += 1
        loop.markUnflushed(self)
    }

    /// Writes a packet that is not a message, unless the client takes none as large: then the connection ends, as the
    /// client waits for an answer that it cannot get [MQTT-3.1.2-24].
    func sendAnswer(_ write: (inout ByteBuffer) -> Void) {
        let start = outbound.writerIndex
        send(write)
        guard outbound.writerIndex - start > outboundPacketBytesMax else { return }
        outbound.moveWriterIndex(to: start)
        fail(.packetTooLarge, .packetTooLarge)
    }

    /// Hands this turn's bytes to the transport in one write.
    func flush(_ written: EventLoopPromise<Void>? = nil) {
        isMarkedUnflushed = false
        if isHeldBack || !held.isEmpty { return holdOutbound() }
        guard outbound.readableBytes > 0, let context else { return }
        loop.counters.bytesSent += outbound.readableBytes
        context.writeAndFlush(wrapOutboundOut(outbound), promise: written)
        // Keeps the memory if the transport took everything at once, else starts a new buffer.
        outbound.clear()
        // Answers are never left out: a client that does not read them is not read from either (B1).
        if !context.channel.isWritable { withholdReads(.slowReader) }
    }

    /// Whether the client takes what it is sent, so that what is optional may be sent too.
    var isWritable: Bool {
        context?.channel.isWritable == true
            && outbound.readableBytes + heldByteCount < BrokerLimits.writeBytesHigh
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            resumeReads(.slowReader)
            if let session { loop.continueDelivery(to: session) }
            loop.finishTurn()
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Time

    private func schedule(after delay: TimeAmount) -> Scheduled<Void> {
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        return loop.eventLoop.scheduleTask(in: delay) { bound.value.timerFired() }
    }

    /// Starts to watch the keep alive.
    func watchKeepAlive() {
        timer?.cancel()
        timer = nil
        guard let deadline = machine.deadline else { return }
        timer = schedule(after: .milliseconds(Int64(deadline - min(deadline, loop.now))))
    }

    private func timerFired() {
        if machine.isAwaitingConnect || machine.isChallenged { return close(.noConnect) }
        // Whoever is not listened to is not silent; the kernel ends a connection whose peer is gone.
        if !withholding.isEmpty { machine.bytesReceived(now: loop.now) }
        switch machine.deadlineReached(now: loop.now) {
        case .wait: watchKeepAlive()
        case .disconnect(let reasonCode): fail(reasonCode, .keepAliveExceeded)
        case .ignore: break
        }
        loop.finishTurn()
    }
}
