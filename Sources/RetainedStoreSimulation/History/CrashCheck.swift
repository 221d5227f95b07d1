internal import RetainedStore

/// Draws images from crash points, opens them, and compares what is there with what had been promised.
struct CrashCheck {
    let seed: UInt64
    let masterKey: MasterKey
    /// Where the images' keyrings and indexes go, one after the other.
    let directory: String
    /// Where an image that failed is kept.
    let keptDirectory: String
    let limits: SimulationLimits

    /// Opens an image and checks that acknowledged ⊆ recovered ⊆ attempted, in order (D1).
    ///
    /// - Parameters:
    ///   - attempted: Every change, in the order of versions, which are the places in it from 1.
    ///   - shreds: Every shred, in their order: of those that had not ended, none or the first ones took effect.
    ///   - hasLied: Whether the disk did something that nobody was told of: then messages may be gone, or the store
    ///     says that it is damaged; but what it holds must be what it once held all the same (S3).
    ///   - isVerified: Whether every record and the digest are to be checked besides.
    /// - Returns: How many of the changes were there, and how many shreds had taken effect; nil if the store said that it
    ///   is damaged.
    func check(
        _ image: StoreImage,
        of point: CrashPoint,
        _ survival: Survival,
        attempted: [Change],
        shreds: [Shred],
        hasLied: Bool,
        isVerified: Bool
    ) throws(SimulationFailure) -> (recovered: Int, shredCount: Int)? {
        func failure(_ problem: String) -> SimulationFailure {
            let kept = keptDirectory + "/latch-simulation-failed-\(seed)"
            let isKept = (try? image.write(to: kept, includingJournal: true)) != nil
            return SimulationFailure(
                seed: seed,
                problem: problem,
                place: "sync of: \(point.part) (of what was not synced, \(survival) is there)",
                image: isKept ? kept : nil
            )
        }
        let recovered: Int
        let keyGeneration: UInt32
        let found: [String: String]
        var structure: VerificationReport?
        var verification: VerificationReport?
        do throws(StoreError) {
            do throws(EnvironmentError) { try image.write(to: directory) } catch { throw .environment(error) }
            let disk = SimulatedDisk(image, directory: directory)
            if isVerified, !hasLied {
                // Without the key everything is walked, also what the index has made unnecessary.
                structure = try RetainedStore.verify(options, masterKey: nil, disk: disk)
            }
            let store = try RetainedStore.open(options, masterKey: masterKey, disk: disk)
            recovered = Int(store.openReport.lastLSN)
            keyGeneration = store.keyGeneration
            do throws(StoreError) {
                found = try store.makeReader().everything()
            } catch {
                try? store.close()
                throw error
            }
            try store.close()
            if isVerified { verification = try RetainedStore.verify(options, masterKey: masterKey, disk: disk) }
        } catch {
            if hasLied, isDamage(error) { return nil }
            throw failure("the store does not open: \(error)")
        }
        if recovered > attempted.count {
            throw failure("\(recovered) changes recovered of \(attempted.count) attempted")
        }
        if !hasLied, isPromised(survival), recovered < Int(point.promises.acknowledgedLSN) {
            throw failure("\(recovered) changes recovered of \(point.promises.acknowledgedLSN) acknowledged")
        }
        if keyGeneration < point.promises.keyGeneration {
            throw failure("generation \(keyGeneration) of keys, after \(point.promises.keyGeneration) had begun")
        }
        // Where several fit, the last one: what distinguishes them is not to be seen any more.
        let candidates = (point.promises.shredCount...shreds.count).reversed()
        let fitting = candidates.first { attempted.prefix(recovered).retained(after: shreds.prefix($0)) == found }
        guard let fitting else {
            let expected = attempted.prefix(recovered).retained(after: shreds.prefix(point.promises.shredCount))
            let topics = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }.sorted()
            let differences = topics.prefix(3).map {
                "\($0): \(found[$0]?.prefix(20) ?? "none") instead of \(expected[$0]?.prefix(20) ?? "none")"
            }
            throw failure("\(topics.count) topics differ at change \(recovered): \(differences)")
        }
        if let structure, !structure.isSound {
            throw failure("verifying without the key finds \(structure.damage.prefix(3))")
        }
        if let verification, !verification.isSound, !hasLied {
            throw failure("verifying finds \(verification.damage.prefix(3))")
        }
        return (recovered, fitting)
    }

    var options: StoreOptions {
        StoreOptions(
            location: StoreLocation(directory: directory),
            sync: limits.actualSync ?? limits.sync,
            limits: SimulationLimits.store
        )
    }

    /// Whether what was acknowledged must be there: a killed process loses nothing of it under any policy.
    private func isPromised(_ survival: Survival) -> Bool {
        limits.sync == .always || survival == .everything
    }

    private func isDamage(_ error: StoreError) -> Bool {
        switch error {
        case .damaged, .unsupported, .keyring: true
        default: false
        }
    }
}
