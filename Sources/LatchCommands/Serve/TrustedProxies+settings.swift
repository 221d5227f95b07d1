import Broker
import Mosquitto

extension TrustedProxies {
    /// What `trusted_proxy_address` and `trusted_proxy_header` ask for; `nil` where nobody is trusted.
    ///
    /// - Throws: ``CommandFailure`` with the line that cannot be used.
    static func of(_ file: MosquittoConfiguration) throws(CommandFailure) -> TrustedProxies? {
        var ranges: [AddressRange] = []
        for entry in file.trustedProxyAddresses {
            guard let range = AddressRange(entry.text) else {
                throw CommandFailure(
                    .configuration,
                    """
                    \(entry.location): trusted_proxy_address is no address and no network; write 192.0.2.1, 172.16.0.0/12 or 2001:db8::/32, \
                    one to a line
                    """
                )
            }
            ranges.append(range)
        }
        guard let first = file.trustedProxyAddresses.first else {
            guard file.trustedProxyHeader == nil else {
                throw CommandFailure(
                    .configuration,
                    """
                    \(file.sources["trusted_proxy_header"].map { "\($0): " } ?? "")trusted_proxy_header names a header that nobody is believed \
                    about; name the proxy's address with trusted_proxy_address
                    """
                )
            }
            return nil
        }
        guard let header = file.trustedProxyHeader else {
            throw CommandFailure(
                .configuration,
                """
                \(first.location): trusted_proxy_address does not say which header the proxy writes, and a client could write the other; add \
                trusted_proxy_header cf-connecting-ip or x-forwarded-for
                """
            )
        }
        return TrustedProxies(ranges: ranges, header: header == .cfConnectingIP ? .cfConnectingIP : .xForwardedFor)
    }
}
