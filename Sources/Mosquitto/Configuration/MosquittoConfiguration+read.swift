import Glibc

extension MosquittoConfiguration {
    /// Reads a configuration file and what it includes.
    ///
    /// - Parameters:
    ///   - path: relative paths start at the working directory.
    ///   - environment: asked for `MOSQUITTO_PERSISTENCE_LOCATION`, which has the last word on `persistence_location`.
    public static func read(
        path: String,
        environment: (String) -> String? = processEnvironment
    ) throws(MosquittoFileError) -> MosquittoConfiguration {
        var parser = ConfigurationParser()
        try parser.read(path: path)
        return try parser.finish(environment: environment)
    }

    /// Reads the text of a configuration file.
    ///
    /// - Parameters:
    ///   - bytes: the content.
    ///   - name: what errors call the file.
    ///   - environment: see ``read(path:environment:)``.
    public static func parse(
        _ bytes: [UInt8],
        name: String,
        environment: (String) -> String? = { _ in nil }
    ) throws(MosquittoFileError) -> MosquittoConfiguration {
        var parser = ConfigurationParser()
        try parser.read(TextFile(name: name, bytes: bytes))
        return try parser.finish(environment: environment)
    }

    /// A variable of this process.
    public static func processEnvironment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
