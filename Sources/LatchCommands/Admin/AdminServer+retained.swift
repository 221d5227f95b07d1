import Broker
import FoundationEssentials
import Logging
import MQTTWire
import RetainedStore

extension AdminServer {
    /// Asks what only who has the store's key can answer.
    func challenge(_ connection: AdminConnection) {
        do throws(StoreError) {
            connection.ask(try RetainedStore.makeChallenge())
        } catch {
            connection.fail(CommandFailure(error, key: nil))
        }
    }

    /// Tells about messages, or clears them, for who has the store's key.
    func answerRetained(_ line: Data, _ connection: AdminConnection) {
        guard let request = try? JSONDecoder().decode(RetainedRequest.self, from: line),
            let filter = try? TopicFilter(request.filter), !filter.isShared
        else {
            let usage =
                "\(RetainedRequest.name) wants an action (count, list, get or remove), a topic filter, and a proof"
            return connection.fail(CommandFailure(.usage, usage))
        }
        do throws(CommandFailure) {
            try check(request.proof, connection)
            logger.notice("retained messages: \(request.action.rawValue) was asked for on \(socketPath)")
            let count = try scans.run(on: connection.descriptor) { (isStopping) throws(CommandFailure) in
                let search = RetainedSearch(store: store, limits: ScanLimits(), isStopping: isStopping, clear: clear)
                return try search.perform(request.action, filter) { (item) throws(CommandFailure) in
                    guard connection.write(AdminLine<RetainedRequest.Report>(item: item)) else {
                        throw CommandFailure(.inputOutput, "whoever asked has gone")
                    }
                }
            }
            tellAuditOfMessages(.command, request.action)
            connection.write(AdminLine(result: RetainedRequest.Report(count: count)))
        } catch {
            tellAuditOfMessages(.commandFailed, request.action)
            logger.error("retained messages: \(request.action.rawValue) failed: \(error)")
            connection.fail(error)
        }
    }

    /// Who is shown messages, or clears them, uses the store's key.
    private func tellAuditOfMessages(_ name: AuditEvent.Name, _ action: RetainedRequest.Action) {
        audit?.write(AuditEvent(name).with("verb", RetainedRequest.name).with("detail", action.rawValue))
    }

    private func check(_ proof: Data, _ connection: AdminConnection) throws(CommandFailure) {
        guard let challenge = connection.takeChallenge() else {
            throw CommandFailure(.usage, "\(RetainedRequest.name) comes behind a \(ChallengeRequest.name) of its own")
        }
        let isProof = try CommandFailure.ofStore { () throws(StoreError) in
            try store.isProof(Array(proof), for: challenge)
        }
        guard isProof else { throw CommandFailure(.key, "the key that was shown is none of this store's") }
    }
}
