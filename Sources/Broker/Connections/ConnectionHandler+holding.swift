import MQTTProtocol
import NIOCore
import RetainedStore

/// Packets that tell a client what the broker must still know after a crash: they, and whatever is written behind them,
/// leave when the journal is durable that far.
extension ConnectionHandler {
    /// What was written in this turn waits for what the session has changed in it, which the end of the turn commits.
    func holdBack() {
        guard !isHeldBack else { return }
        isHeldBack = true
        loop.journal.heldBack.append(self)
    }

    /// What was written so far leaves when the journal is durable up to an LSN.
    func hold(until lsn: UInt64) {
        isHeldBack = false
        guard !machine.isOver else { return dropHeld() }
        guard outbound.readableBytes > 0 else { return releaseHeld() }
        heldByteCount += outbound.readableBytes
        held.append(HeldBytes(lsn: lsn, bytes: outbound))
        outbound = ByteBuffer()
        releaseHeld()
    }

    /// Writes what need wait no longer.
    func releaseHeld() {
        guard !held.isEmpty, let context else { return }
        let durableLSN = loop.environment.store.durableLSN
        let released = held.prefix { $0.lsn <= durableLSN }
        held.removeFirst(released.count)
        for part in released {
            heldByteCount -= part.bytes.readableBytes
            loop.counters.bytesSent += part.bytes.readableBytes
            context.write(wrapOutboundOut(part.bytes), promise: nil)
        }
        if !released.isEmpty { context.flush() }
        if !context.channel.isWritable { withholdReads(.slowReader) }
        guard held.isEmpty else { return loop.awaitJournal(self) }
        resumeReads(.heldAnswers)
        if outbound.readableBytes > 0 { loop.markUnflushed(self) }
        // There is room for what could not be written meanwhile.
        if !released.isEmpty, let session { loop.continueDelivery(to: session) }
    }

    /// Keeps what was written behind what waits.
    func holdOutbound() {
        if let last = held.indices.last, !isHeldBack, outbound.readableBytes > 0 {
            heldByteCount += outbound.readableBytes
            held[last].bytes.writeBuffer(&outbound)
            outbound.clear()
        }
        if outbound.readableBytes + heldByteCount >= BrokerLimits.writeBytesHigh { withholdReads(.heldAnswers) }
        if !held.isEmpty { loop.awaitJournal(self) }
    }

    /// The connection ends: what waited is never sent.
    func dropHeld() {
        guard isHeldBack || !held.isEmpty else { return }
        isHeldBack = false
        held.removeAll()
        heldByteCount = 0
        outbound.clear()
    }

    /// The first LSN that something of this connection waits for.
    var awaitedLSN: UInt64? {
        guard let held = held.first?.lsn else { return acknowledgements.awaitedLSN }
        return min(held, acknowledgements.awaitedLSN ?? held)
    }
}
