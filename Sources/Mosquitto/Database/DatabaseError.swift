/// Why a file cannot be read as a mosquitto.db at all.
public enum DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It does not begin as one.
    case notADatabase
    /// A format that this reader does not know.
    case unsupportedVersion(UInt32)

    public var description: String {
        switch self {
        case .notADatabase: "it does not begin as a mosquitto.db does"
        case .unsupportedVersion(let version):
            "it is a mosquitto.db of version \(version); versions \(MosquittoDatabase.versions.lowerBound) to "
                + "\(MosquittoDatabase.versions.upperBound) are known"
        }
    }
}
