/// Opens many messages that were sealed with XAES-256-GCM, each under its own nonce.
///
/// Keeps the key schedules of a bounded number of data keys, and the derived key of the last message: the neighbours in
/// one batch share it. Not for use by two threads at once.
struct XAESOpener: ~Copyable {
    private var cipher: AESGCM
    private var schedules = XAESKeyScheduleCache()
    /// That of the last message's key: neighbours mostly share it.
    private var currentSchedule: XAESKeySchedule?
    private var currentPrefix: (UInt64, UInt32) = (0, 0)

    init() throws(EnvironmentError) {
        self.cipher = try AESGCM()
    }

    /// Whether ``open(_:associatedData:keyID:into:)`` knows the key.
    @inline(__always)
    func isPrepared(keyID: UInt128) -> Bool {
        currentSchedule?.id == keyID || schedules.schedule(id: keyID) != nil
    }

    /// Makes the key known.
    mutating func prepare(_ key: DataKey) throws(EnvironmentError) {
        _ = try schedules.schedule(for: key)
    }

    /// Wipes what was made of keys: some of them are to be used no more.
    mutating func forgetKeys() {
        schedules = XAESKeyScheduleCache()
        currentSchedule = nil
        cipher.forgetKey()
    }

    /// Opens sealed bytes under a prepared key into `sealed.count - overheadBytes` bytes.
    ///
    /// - Returns: Whether they are authentic; if not, `plaintext` has been wiped.
    mutating func open(
        _ sealed: UnsafeRawBufferPointer,
        associatedData: UnsafeRawBufferPointer,
        keyID: UInt128,
        into plaintext: UnsafeMutableRawPointer
    ) -> Bool {
        guard let nonce = sealed.baseAddress, sealed.count >= XAES256GCM.overheadBytes else { return false }
        let prefix = (nonce.loadUnaligned(as: UInt64.self), nonce.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        if currentSchedule?.id != keyID {
            guard let schedule = schedules.schedule(id: keyID) else { preconditionFailure("the key was not prepared") }
            currentSchedule = schedule
            currentPrefix = (~prefix.0, ~prefix.1)
        }
        if prefix != currentPrefix {
            currentSchedule?.rekey(&cipher, noncePrefix: nonce)
            currentPrefix = prefix
        }
        let ciphertext = UnsafeRawBufferPointer(
            rebasing: sealed[XAES256GCM.nonceBytes..<sealed.count - XAES256GCM.tagBytes]
        )
        return cipher.open(
            nonce: nonce + XAES256GCM.noncePrefixBytes,
            associatedData: associatedData,
            ciphertext: ciphertext,
            tag: nonce + (sealed.count - XAES256GCM.tagBytes),
            plaintext: plaintext
        )
    }
}
