extension SecretBytes {
    /// HKDF-SHA256 of a secret under a label, with a salt of 16 bytes or none.
    convenience init(
        derivedFrom secret: SecretBytes,
        label: StaticString,
        salt: UInt128?,
        count: Int
    ) throws(EnvironmentError) {
        let info = UnsafeRawBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount)
        try self.init(count: count) { output throws(EnvironmentError) in
            try secret.withUnsafeBytes { secret throws(EnvironmentError) in
                guard let salt else {
                    try HKDF.derive(
                        from: secret,
                        salt: UnsafeRawBufferPointer(start: nil, count: 0),
                        info: info,
                        into: output
                    )
                    return
                }
                try Swift.withUnsafeBytes(of: salt.littleEndian) { salt throws(EnvironmentError) in
                    try HKDF.derive(from: secret, salt: salt, info: info, into: output)
                }
            }
        }
    }
}
