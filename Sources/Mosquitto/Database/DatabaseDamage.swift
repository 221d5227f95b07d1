/// A place where a mosquitto.db is not what mosquitto writes.
public struct DatabaseDamage: Error, Sendable, Equatable, CustomStringConvertible {
    /// Bytes from the beginning of the file.
    public var offset: Int
    /// What is wrong there, in one clause.
    public var problem: String

    public init(at offset: Int, _ problem: String) {
        self.offset = offset
        self.problem = problem
    }

    public var description: String { "offset \(offset): \(problem)" }
}
