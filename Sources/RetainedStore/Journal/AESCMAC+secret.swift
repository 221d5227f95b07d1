extension AESCMAC {
    /// - Parameter key: 32 bytes.
    init(key: SecretBytes) throws(EnvironmentError) {
        // What `withUnsafeBytes` returns must be copyable, which a cipher is not: it comes out by assignment.
        var result: Result<Void, EnvironmentError> = .success(())
        var cipher: AESCMAC?
        key.withUnsafeBytes { key in
            do throws(EnvironmentError) { cipher = try AESCMAC(key: key) } catch { result = .failure(error) }
        }
        try result.get()
        guard let made = cipher.take() else { preconditionFailure("neither a cipher nor an error") }
        self = made
    }
}

extension AES256ECB {
    /// - Parameter key: 32 bytes.
    init(key: SecretBytes) throws(EnvironmentError) {
        var result: Result<Void, EnvironmentError> = .success(())
        var cipher: AES256ECB?
        key.withUnsafeBytes { key in
            do throws(EnvironmentError) { cipher = try AES256ECB(key: key) } catch { result = .failure(error) }
        }
        try result.get()
        guard let made = cipher.take() else { preconditionFailure("neither a cipher nor an error") }
        self = made
    }
}
