import ArgumentParser
import MQTTProtocol
import Mosquitto

/// `latch acl explain`: every rule that has to do with a filter, and who may subscribe to it.
struct AccessExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "List the rules that touch a topic filter, and who may subscribe to it.",
        discussion: """
            A topic is a filter too. Under acl_subscribe strict a filter is granted if one rule that allows reading covers it and no rule that \
            denies does; a filter that only several rules together cover is refused.
            """
    )

    @OptionGroup var arguments: AccessArguments

    @Argument(help: "The topic filter.")
    var filter: String

    func run() throws {
        for line in try lines() { print(line) }
    }

    func lines() throws(CommandFailure) -> [String] {
        let list = try arguments.list()
        let filter = try AccessCheckCommand.filter(filter)
        guard let file = list.file else { return ["everybody may do everything: there is no acl_file"] }
        var lines: [String] = []
        var users: [[UInt8]] = []
        for rule in file.source {
            if case .user(let name) = rule.subject, !users.contains(name) { users.append(name) }
            let relation: String
            switch rule.reach(over: filter) {
            case .covers: relation = "covers it"
            case .overlaps: relation = rule.namesClients ? "covers or touches it for some clients" : "touches it"
            case .apart: continue
            }
            lines.append("\(list.path):\(rule.line): \(rule.text): \(relation)")
        }
        if lines.isEmpty { lines.append("no rule of \(list.path) touches it") }
        guard list.policy == .strict else {
            lines.append("acl_subscribe filter: everybody may subscribe, and gets what he may read")
            return lines
        }
        for user in [nil] + users.map({ String(decoding: $0, as: UTF8.self) }) {
            let decision = list.access(user: user, clientID: "").coverage(of: filter)
            let who = user.map { "user \($0)" } ?? "a client without a user"
            lines.append("\(who) may \(decision.isAllowed ? "" : "not ")subscribe: \(list.reason(decision))")
        }
        return lines
    }
}

extension AccessRule {
    /// Whether its meaning depends on who asks.
    fileprivate var namesClients: Bool {
        let text = String(decoding: filter, as: UTF8.self)
        return subject == .everybody && (text.contains("%u") || text.contains("%c"))
    }
}
