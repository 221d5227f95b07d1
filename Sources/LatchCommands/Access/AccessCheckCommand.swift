import ArgumentParser
import MQTTProtocol
import MQTTWire

/// `latch acl check`: one decision, and the line that makes it.
struct AccessCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a client may do something, and which line says so.",
        discussion: """
            Prints one line that begins with allowed or denied. Read is asked for every message that is delivered, write for every one that is \
            published, subscribe for a filter (acl_subscribe).
            """
    )

    /// What is asked.
    enum Access: String, ExpressibleByArgument, CaseIterable {
        case read
        case write
        case subscribe
    }

    @OptionGroup var arguments: AccessArguments

    @Option(help: "The user name; without one, a client that gives none.")
    var user: String?

    @Option(help: "The client identifier, which patterns with %c ask for.")
    var clientID = ""

    @Option(help: "The topic; with --access subscribe, the topic filter.")
    var topic: String

    @Option(help: "read, write or subscribe.")
    var access: Access

    func run() throws {
        print(try verdict())
    }

    func verdict() throws(CommandFailure) -> String {
        let list = try arguments.list()
        let identity = list.access(user: user, clientID: clientID)
        let decision: AccessDecision
        switch access {
        case .read: decision = identity.decision(.read, topic: try topicName())
        case .write: decision = identity.decision(.write, topic: try topicName())
        case .subscribe:
            decision = identity.coverage(of: try Self.filter(topic))
            if list.policy == .filter {
                return
                    "allowed: acl_subscribe filter grants every subscription, and messages are checked when they are delivered"
            }
        }
        return "\(decision.isAllowed ? "allowed" : "denied"): \(list.reason(decision))"
    }

    private func topicName() throws(CommandFailure) -> [UInt8] {
        let bytes = Array(topic.utf8)
        guard !bytes.isEmpty, bytes.count <= Int(UInt16.max), !topic.contains("+"), !topic.contains("#") else {
            throw CommandFailure(.usage, "\(topic) is no topic: it is empty, too long, or holds a wildcard")
        }
        return bytes
    }

    static func filter(_ text: String) throws(CommandFailure) -> TopicFilter {
        do throws(DecodingError) {
            return try TopicFilter(text)
        } catch {
            throw CommandFailure(
                .usage,
                "\(text) is no topic filter: + and # stand for whole levels, and # for the last"
            )
        }
    }
}

extension IdentityAccess {
    fileprivate func decision(_ kind: AccessKind, topic: [UInt8]) -> AccessDecision {
        topic.withUnsafeBytes { decision(kind, topic: $0) }
    }
}
