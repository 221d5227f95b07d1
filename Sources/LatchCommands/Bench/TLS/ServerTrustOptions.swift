import ArgumentParser

/// The options by which a load is told whom to trust.
struct ServerTrustOptions: ParsableArguments {
    @Option(
        help:
            "Certificates of the authorities that the broker's must be from, for mqtts:// and wss:// (default: this machine's)."
    )
    var cafile: String?

    @Flag(help: "With mqtts:// and wss://, take any certificate.")
    var insecure = false

    func validate() throws {
        if cafile != nil, insecure { throw ValidationError("--cafile and --insecure exclude each other") }
    }

    /// A URL with what these options say of it.
    func applied(to url: BrokerURL) throws(LoadFailure) -> BrokerURL {
        guard url.trust != nil else {
            if cafile != nil || insecure {
                throw .plan("--cafile and --insecure go with mqtts:// and wss://, and the URL says plain text")
            }
            return url
        }
        var url = url
        if let cafile { url.trust = .authorities(path: cafile) }
        if insecure { url.trust = .anybody }
        return url
    }
}
