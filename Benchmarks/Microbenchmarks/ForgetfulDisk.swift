@testable import RetainedStore

/// A disk that takes everything and keeps nothing: what is counted is what comes before it.
struct ForgetfulDisk: JournalDisk {
    func open(_ path: String, creating: Bool) throws(EnvironmentError) -> any JournalFile { ForgetfulFile() }
    func names(in directory: String) throws(EnvironmentError) -> [String] { [] }
    func rename(_ path: String, to newPath: String) throws(EnvironmentError) {}
    func remove(_ path: String) throws(EnvironmentError) {}
    func syncDirectory(_ path: String) throws(EnvironmentError) {}
}
