internal import CLibcrypto

/// One certificate of libcrypto, freed with its owner.
final class X509Reference {
    let pointer: OpaquePointer

    /// - Parameter der: one certificate and nothing behind it.
    init?(der: [UInt8]) {
        let parsed = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var next = bytes.baseAddress
            guard let certificate = d2i_X509(nil, &next, bytes.count) else { return nil }
            guard next == bytes.baseAddress.map({ $0 + bytes.count }) else {
                X509_free(certificate)
                return nil
            }
            return certificate
        }
        guard let parsed else { return nil }
        pointer = parsed
    }

    deinit {
        X509_free(pointer)
    }
}
