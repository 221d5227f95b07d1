internal import CLibcrypto

/// The names in a client's certificate.
///
/// It says nothing about who vouches for them: see ``ClientCertificateVerifier``.
public struct ClientCertificate: Sendable, Equatable {
    /// The first common name of the subject, as mosquitto takes it; `nil` if there is none, if it is empty, or if it is not plain UTF-8.
    public let commonName: [UInt8]?
    /// The whole subject as RFC 2253 writes it, `CN=alice,O=example` for instance.
    public let subject: [UInt8]?

    /// - Parameter der: the certificate, as TLS carries it.
    /// - Returns: `nil` for bytes that are no certificate.
    public init?(der: [UInt8]) {
        guard let certificate = X509Reference(der: der), let name = X509_get_subject_name(certificate.pointer) else {
            return nil
        }
        commonName = Self.commonName(of: name).flatMap(Self.text)
        subject = Self.subject(of: name).flatMap(Self.text)
    }

    private static func commonName(of name: OpaquePointer) -> [UInt8]? {
        let position = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard position >= 0, let entry = X509_NAME_get_entry(name, position),
            let value = X509_NAME_ENTRY_get_data(entry), let start = ASN1_STRING_get0_data(value)
        else { return nil }
        return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(value))))
    }

    private static func subject(of name: OpaquePointer) -> [UInt8]? {
        guard let output = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(output) }
        guard X509_NAME_print_ex(output, name, 0, latch_name_rfc2253) > 0 else { return nil }
        let count = BIO_ctrl_pending(output)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            written = max(0, Int(BIO_read(output, buffer.baseAddress, Int32(count))))
        }
    }

    /// What can be a user name (MQTT 5.0 §1.5.4): not empty, UTF-8, and no NUL at which another program would stop reading.
    private static func text(_ bytes: [UInt8]) -> [UInt8]? {
        guard !bytes.isEmpty, bytes.count <= Int(UInt16.max), !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }
}
