import Foundation
import Testing

/// A certificate authority of one test, with the `openssl` command: as administrators make theirs.
struct CertificateAuthority {
    let directory: TemporaryDirectory
    private let name: String

    /// The authority's certificate (`cafile`).
    var certificatePath: String { directory.file("\(name).crt") }
    private var keyPath: String { directory.file("\(name).key") }

    init(_ name: String = "authority", in directory: TemporaryDirectory) async throws {
        self.directory = directory
        self.name = name
        try await openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-keyout",
            keyPath,
            "-out",
            certificatePath,
            "-subj",
            "/CN=\(name)"
        )
    }

    /// A certificate with its key.
    struct Issued {
        let certificatePath: String
        let keyPath: String
    }

    /// Issues a certificate.
    ///
    /// - Parameters:
    ///   - file: what the files are called.
    ///   - subject: as `openssl req -subj` takes it.
    ///   - days: how long it is valid; negative for one whose time is over.
    func issue(_ file: String, subject: String, days: Int = 2) async throws -> Issued {
        let issued = Issued(certificatePath: directory.file("\(file).crt"), keyPath: directory.file("\(file).key"))
        let request = directory.file("\(file).csr")
        try await openssl(
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            issued.keyPath,
            "-out",
            request,
            "-subj",
            subject,
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-utf8"
        )
        try await openssl(
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            certificatePath,
            "-CAkey",
            keyPath,
            "-CAcreateserial",
            "-days",
            "\(days)",
            "-copy_extensions",
            "copy",
            "-out",
            issued.certificatePath
        )
        return issued
    }

    /// A list that revokes certificates.
    func revocationList(_ revoked: Issued...) async throws -> String {
        let configuration = try directory.write(
            "ca.conf",
            """
            [ca]
            default_ca = this
            [this]
            database = \(directory.file("index"))
            default_md = sha256
            default_crl_days = 2
            """
        )
        try directory.write("index", "")
        let path = directory.file("revoked.crl")
        for arguments in revoked.map({ ["-revoke", $0.certificatePath] }) + [["-gencrl", "-out", path]] {
            try await openssl(
                ["ca", "-config", configuration, "-cert", certificatePath, "-keyfile", keyPath] + arguments
            )
        }
        return path
    }

    private func openssl(_ arguments: String...) async throws { try await openssl(arguments) }

    private func openssl(_ arguments: [String]) async throws {
        try await Client.run(Executable.installed("/usr/bin/openssl", package: "openssl"), arguments, in: directory)
    }
}
