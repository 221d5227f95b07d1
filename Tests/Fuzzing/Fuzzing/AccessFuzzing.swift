import MQTTProtocol
import MQTTWire
import Mosquitto

/// The aclfile, and what its rules say of the topics that it names.
enum AccessFuzzing {
    private static let clientID = Array("client".utf8)

    static func read(_ bytes: UnsafeRawBufferPointer) {
        guard let file = try? AccessControlFile.parse(Array(bytes), name: "aclfile") else { return }
        precondition(file.source.allSatisfy { $0.line > 0 }, "a rule without a line")
        var views = [file.rules.view(userName: nil, clientID: clientID)]
        for rule in file.source.prefix(4) {
            guard case .user(let name) = rule.subject else { continue }
            views.append(file.rules.view(userName: name, clientID: clientID))
        }
        for rule in file.source.prefix(8) {
            guard let filter = try? TopicFilter(bytes: rule.filter) else { continue }
            for view in views { ask(view, filter) }
        }
    }

    /// A filter without wildcards is a topic: what may subscribe to it, and only that, may read it.
    private static func ask(_ view: IdentityAccess, _ filter: TopicFilter) {
        let coverage = view.coverage(of: filter)
        guard !filter.isShared, let topic = try? TopicName(bytes: filter.bytes) else { return }
        let reading = topic.bytes.withUnsafeBytes { view.decision(.read, topic: $0) }
        _ = topic.bytes.withUnsafeBytes { view.decision(.write, topic: $0) }
        if reading.reason == .serverTopic { return }
        precondition(coverage.isAllowed == reading.isAllowed, "\(topic): \(coverage) and \(reading)")
    }
}
