import Foundation

/// A numbered statement of the specification, `[MQTT-x.y.z-n]`, in our words, with what shows that the broker keeps it.
struct ConformanceStatement: Decodable {
    /// Whom a statement obliges.
    enum Side: String, Decodable {
        /// The server, alone or as either side: it names its proofs.
        case server
        /// The client; where it breaks the statement and the server notices, that has a proof, too.
        case client
        /// The server, but it does nothing that the statement is about: it says why.
        case untested
    }

    let id: String
    let says: String
    let side: Side
    /// `Target/Suite/function`, or `transcripts/FILE: NAME`.
    let proofs: [String]?
    let why: String?

    /// What is wrong with it, given everything that can be a proof.
    func problems(known: Set<String>) -> [String] {
        var problems: [String] = []
        if says.isEmpty { problems.append("\(id) says nothing") }
        switch side {
        case .server where proofs?.isEmpty != false: problems.append("\(id) has no proof")
        case .untested where why?.isEmpty != false: problems.append("\(id) has no reason for not being tested")
        case .server, .client, .untested: break
        }
        return problems + (proofs ?? []).filter { !known.contains($0) }.map { "\(id): there is no \($0)" }
    }
}
