import Glibc
import RetainedStore

/// Why a load could not be carried out.
enum LoadFailure: Error, CustomStringConvertible {
    case plan(String)
    case unknownHost(String, reason: String)
    case unreachable(host: String, port: UInt16, errno: Int32)
    /// The broker answered CONNECT with this return code (3.1.1, 3.2.2.3) or reason code (5.0, 3.2.2.2).
    case connectionRefused(returnCode: UInt8)
    case subscriptionRefused(filter: String)
    /// The broker acknowledged a message with this reason code (5.0, 3.4.2.1).
    case publishRefused(reasonCode: UInt8)
    /// The handshake failed, or TLS was broken off.
    case tls(String)
    /// The server's certificate is not one that this machine, or `--cafile`, vouches for.
    case untrusted(host: String, reason: String)
    /// The server answered the upgrade with this line.
    case webSocketRefused(status: String)
    /// The broker closed the connection, or said nothing for ten seconds, before the load began.
    case noAnswer(to: String)
    /// The broker sent something that is not MQTT.
    case malformed(String)
    case packetTooLarge(bytes: Int)
    case process(pid: Int32, errno: Int32)
    case file(path: String, errno: Int32)
    case record(path: String, line: Int, problem: String)
    /// A broker that was started to be measured ended by itself, with this status of waitpid(2).
    case brokerEnded(status: Int32, log: String)
    case interrupted
    case store(StoreError)
    /// A sweep found that a policy's promise was not kept.
    case promiseBroken([String])
    /// The broker ended connections under the load.
    case connectionsLost(Int)
    /// The broker does not hold what it acknowledged.
    case broken(CheckReport)

    var description: String {
        switch self {
        case .plan(let problem):
            problem
        case .unknownHost(let host, let reason):
            "the host \(host) is not known: \(reason)"
        case .unreachable(let host, let port, let errno):
            "no broker answers at \(host) port \(port): \(Self.text(errno)). Is it running, and listening there?"
        case .connectionRefused(let returnCode):
            "the broker refuses the connection with return code \(returnCode); give --username and --password if it wants them"
        case .subscriptionRefused(let filter):
            "the broker refuses the subscription to \(filter); give --username and --topic-prefix as its ACL wants them"
        case .publishRefused(let reasonCode):
            "the broker refuses messages with reason code 0x\(String(reasonCode, radix: 16)): its log says why"
        case .tls(let reason):
            "TLS failed: \(reason). Does the broker speak TLS on that port?"
        case .untrusted(let host, let reason):
            "the certificate for \(host) is not trusted: \(reason); name its authority with --cafile, or give --insecure"
        case .webSocketRefused(let status):
            "the server does not speak WebSocket there, or not MQTT in it: \(status)"
        case .noAnswer(let packet):
            "the broker did not answer \(packet)"
        case .malformed(let what):
            "the broker sent a malformed packet: \(what)"
        case .packetTooLarge(let bytes):
            "the broker sent a packet of \(bytes) bytes, larger than this load expects: give --payload-bytes as the publisher did"
        case .process(let pid, let errno):
            "process \(pid) cannot be observed: \(Self.text(errno))"
        case .file(let path, let errno):
            "\(path): \(Self.text(errno))"
        case .record(let path, let line, let problem):
            "\(path):\(line): \(problem)"
        case .brokerEnded(let status, let log):
            status & 0x7F == 0
                ? "the broker ended with exit code \(status >> 8 & 0xFF): \(log)"
                : "the broker was ended by signal \(status & 0x7F): \(log)"
        case .interrupted:
            "interrupted"
        case .store(let error):
            "\(error)"
        case .promiseBroken(let promises):
            promises.joined(separator: "; ")
        case .connectionsLost(let count):
            "the broker ended \(count) connections under the load: its log says why"
        case .broken(let report):
            "the broker does not hold what it acknowledged: \(report.lost) lost, \(report.invented) invented, "
                + "\(report.foreign) foreign"
        }
    }

    var exitStatus: ExitStatus {
        switch self {
        case .plan, .unknownHost, .record: .usage
        case .broken, .promiseBroken: .damagedStore
        default: .inputOutput
        }
    }

    private static func text(_ errno: Int32) -> String { String(cString: strerror(errno)) }
}
