/// Seals many messages with XAES-256-GCM, in batches that share a random N[:12] and count in N[12:].
///
/// A batch is what one writer seals without a pause. Its prefix comes from the kernel when the batch begins, so that a
/// (key, nonce) pair is new whatever was crashed, restored, cloned or resumed in between: nothing about nonces is ever
/// kept. The one exception is a machine that is resumed twice from an image taken within a batch. The derived key changes
/// with the data key and with the batch only. Not for use by two threads at once.
struct XAESSealer: ~Copyable {
    private var cipher: AESGCM
    private var schedules = XAESKeyScheduleCache()
    /// The nonce of the next message: the batch's prefix, then a big-endian counter.
    private let nonce: UnsafeMutableRawBufferPointer
    private var counter: UInt64 = 0
    /// The data key whose derived key `cipher` has, in this batch.
    private var currentKeyID: UInt128?
    private var hasBatch = false

    init() throws(EnvironmentError) {
        self.cipher = try AESGCM()
        self.nonce = .allocate(byteCount: XAES256GCM.nonceBytes, alignment: 8)
        ForkGuard.check()
    }

    deinit {
        nonce.deallocate()
    }

    /// Begins a batch: a new random prefix, the counter at zero.
    mutating func beginBatch() throws(EnvironmentError) {
        hasBatch = false
        currentKeyID = nil
        counter = 0
        try SecureRandom.fill(UnsafeMutableRawBufferPointer(rebasing: nonce[..<XAES256GCM.noncePrefixBytes]))
        hasBatch = true
    }

    /// Makes sure that sealing under the key needs nothing more from the machine.
    mutating func prepare(_ key: DataKey) throws(EnvironmentError) {
        _ = try schedules.schedule(for: key)
    }

    /// Wipes what was made of keys: some of them are to be used no more.
    mutating func forgetKeys() {
        schedules = XAESKeyScheduleCache()
        currentKeyID = nil
        cipher.forgetKey()
    }

    /// Seals in place: `sealed` holds the plaintext between the 24 bytes of the nonce and the 16 of the tag.
    mutating func seal(
        inPlace sealed: UnsafeMutableRawBufferPointer,
        associatedData: UnsafeRawBufferPointer,
        key: DataKey
    ) {
        ForkGuard.check()
        precondition(hasBatch, "sealing outside a batch")
        precondition(sealed.count >= XAES256GCM.overheadBytes, "no room for nonce and tag")
        // SP 800-38D, 8.3, allows 2^32 messages under one derived key.
        precondition(counter <= UInt64(UInt32.max), "a batch of more than 2^32 messages")
        guard let output = sealed.baseAddress, let nonce = nonce.baseAddress else { return }
        if currentKeyID != key.id { rekey(for: key) }
        let counterField = self.nonce
        counterField.storeBytes(of: 0, toByteOffset: 12, as: UInt32.self)
        counterField.storeBytes(of: counter.bigEndian, toByteOffset: 16, as: UInt64.self)
        counter += 1
        output.copyMemory(from: nonce, byteCount: XAES256GCM.nonceBytes)
        let plaintext = UnsafeRawBufferPointer(
            start: output + XAES256GCM.nonceBytes,
            count: sealed.count - XAES256GCM.overheadBytes
        )
        cipher.seal(
            nonce: nonce + XAES256GCM.noncePrefixBytes,
            associatedData: associatedData,
            plaintext: plaintext,
            ciphertext: output + XAES256GCM.nonceBytes,
            tag: output + (sealed.count - XAES256GCM.tagBytes)
        )
    }

    @inline(never)
    private mutating func rekey(for key: DataKey) {
        guard let nonce = nonce.baseAddress else { return }
        // prepare(_:) has made the schedule; only if very many busy keys pushed it out is it made again.
        guard let schedule = try? schedules.schedule(for: key) else {
            preconditionFailure("out of memory for a key schedule")
        }
        schedule.rekey(&cipher, noncePrefix: nonce)
        currentKeyID = key.id
    }
}
