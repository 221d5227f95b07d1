import MQTTProtocol
import MQTTWire
import NIOCore

/// How fast a client may publish: it is slowed first, and ended where that goes on for too long.
extension ConnectionHandler {
    /// Counts the client for its user, before it gets a session.
    ///
    /// - Returns: `false` if it was refused.
    func isUserAdmitted(_ connect: Connect) -> Bool {
        let clientID = connect.clientIdentifier.bytes
        switch loop.environment.users.connected(connect.userName?.bytes, clientID: clientID, now: loop.now) {
        case .admitted(let account):
            countedClientID = clientID
            accounts.user = account
            if let address = peer.address { countForAddress(address) }
            rates = [accounts.user?.rate, accounts.address?.rate].compactMap(\.self)
            isRated = !rates.isEmpty
            return true
        case .tooMany: refuse(.quotaExceeded, .tooManyOfUser)
        case .tooFast: refuse(.connectionRateExceeded, .tooManyOfUser)
        }
        return false
    }

    /// Counts the client for its address, which refuses nobody here: it has been asked at the door.
    private func countForAddress(_ address: InternetAddress) {
        let register = loop.environment.addressAccounts[address]
        let admission = register.connected(address.subscriberPart, clientID: countedClientID, now: loop.now)
        if case .admitted(let account) = admission { accounts.address = account }
    }

    /// Whether a PUBLISH may be acted on now; if not, it stays unread and reads are withheld until it may.
    func isWithinRates(_ frame: Frame) -> Bool {
        let now = loop.now
        let wait = rates.reduce(0) { max($0, $1.wait(now: now)) }
        guard wait == 0 else {
            slow(for: wait, now)
            return false
        }
        var wasFull = true
        for rate in rates where !rate.take(byteCount: frame.totalBytes, now: now) { wasFull = false }
        // Whoever has let the whole burst come back has heard.
        if wasFull { slowedSince = nil }
        return true
    }

    private func slow(for milliseconds: UInt64, _ now: UInt64) {
        let since = slowedSince ?? now
        slowedSince = since
        var milliseconds = milliseconds
        if let seconds = loop.environment.slowedSecondsMax {
            let end = since + UInt64(seconds) * 1000
            guard now < end else {
                commitPublications()
                return fail(.messageRateTooHigh, .rateExceeded)
            }
            milliseconds = min(milliseconds, end - now)
        }
        withholdReads(.rate)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        slowing = loop.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            bound.value.resumeReads(.rate)
            bound.value.loop.finishTurn()
        }
    }
}
