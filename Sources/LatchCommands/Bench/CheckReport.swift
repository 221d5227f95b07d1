/// What a broker holds against what it promised.
struct CheckReport: Codable, Equatable, Sendable {
    /// Topics that were ever published to.
    var topics: Int
    /// Topics whose message was acknowledged.
    var acknowledgedTopics: Int
    /// Retained messages found.
    var found: Int
    /// Topics whose acknowledged message is gone, or replaced by an older one.
    var lost: Int
    /// Topics that hold something newer than was ever sent to them.
    var invented: Int
    /// Messages that no load sent, or not to that topic, or that are damaged.
    var foreign: Int

    var isKept: Bool { lost == 0 && invented == 0 && foreign == 0 }

    var text: String {
        """
        topics      \(LoadReport.grouped(topics)) published to, \(LoadReport.grouped(acknowledgedTopics)) acknowledged
        found       \(LoadReport.grouped(found)) retained messages
        lost        \(LoadReport.grouped(lost))
        invented    \(LoadReport.grouped(invented))
        foreign     \(LoadReport.grouped(foreign))
        """
    }
}
