internal import Glibc
package import RetainedStore

/// A random history of one store on a disk that crashes: set, replace, clear, checkpoint, rotate, shred, back up, end and
/// open again, with segments recycled on the way; and at every sync of it a look at what a crash there would leave.
///
/// A seed brings a history back, byte for byte: everything happens in one thread's order, which the disk's schedule
/// imposes on the store's threads, and what is random in the store itself, keys, ids and nonces, follows from the seed.
package final class SimulatedHistory: @unchecked Sendable {
    // Used by one thread at a time: the one that runs the history, or the checkpoint's while that one waits for it.

    package internal(set) var counts = SimulationCounts()

    private let seed: UInt64
    private let directory: String
    let limits: SimulationLimits
    private let checker: CrashCheck
    var random: SeededGenerator
    /// Every change so far, in the order of versions.
    var attempted: [Change] = []
    /// Every shred so far.
    var shreds: [Shred] = []
    var changeNumber = 0
    /// Whether a disk of before has lied: what it did to a part that nobody needed then is still there.
    private var hasLied = false

    /// - Parameters:
    ///   - directory: A new one, for the store's real files and, beside it, those of the images.
    ///   - keptDirectory: Where an image that fails is kept.
    package init(seed: UInt64, masterKey: MasterKey, directory: String, keptDirectory: String, limits: SimulationLimits)
    {
        self.seed = seed
        self.directory = directory
        self.limits = limits
        checker = CrashCheck(
            seed: seed,
            masterKey: masterKey,
            directory: directory + "-image",
            keptDirectory: keptDirectory,
            limits: limits
        )
        random = SeededGenerator(seed: seed)
    }

    /// Runs the history from a store's image, which holds nothing yet.
    package func run(from empty: StoreImage) throws(SimulationFailure) {
        counts.histories = 1
        var image = empty
        for _ in 0..<random.number(1...limits.openingsMax) {
            guard let next = try runOnce(from: image) else { return }
            image = next
        }
    }

    /// Opens an image, lives with it for some steps, looks at all crash points, and returns the image to go on with; nil if a
    /// disk that lied has left none.
    private func runOnce(from image: StoreImage) throws(SimulationFailure) -> StoreImage? {
        let disk = try SeededRandomness.with(seed: random.next()) { () throws(SimulationFailure) in
            try live(from: image)
        }
        counts.addTrace(disk.trace)
        return try SeededRandomness.with(seed: random.next()) { () throws(SimulationFailure) -> StoreImage? in
            try lookAtCrashPoints(disk)
        }
    }

    /// Opens an image and does something with it; returns the disk that it was done to.
    private func live(from image: StoreImage) throws(SimulationFailure) -> SimulatedDisk {
        let disk = SimulatedDisk(image, directory: directory, seed: random.next())
        let fault =
            limits.faults.isEmpty || random.happens(percent: 20) ? nil : limits.faults.randomElement(using: &random)
        do throws(EnvironmentError) {
            try image.write(to: directory)
        } catch {
            throw failure("\(error)", "beginning")
        }
        disk.watch()
        defer { disk.unwatch() }
        disk.drop(limits.droppedSyncs)
        // What was recovered has been acknowledged before, or may be from here on: it is all there, and on the disk
        // once the store is open.
        let promises = Promises(acknowledgedLSN: UInt64(attempted.count), shredCount: shreds.count)
        if let fault {
            counts.faults += 1
            disk.arm(fault, after: random.number(0...60))
        }
        do {
            let life = try StoreLife(disk: disk, options: options, masterKey: checker.masterKey)
            defer { life.end() }
            disk.promise { $0 = promises }
            disk.promise { $0.keyGeneration = life.store.keyGeneration }
            for _ in 0..<random.number(1...limits.stepsMax) {
                guard try step(life) else { break }
            }
            if !disk.hasFailed, try life.store.makeReader().everything() != attempted.retained(after: shreds) {
                throw failure("not what was given to it", "living store")
            }
        } catch let error as SimulationFailure {
            throw error
        } catch {
            // A disk that fails ends the store; one that is well does not.
            guard fault != nil else {
                throw failure("the store failed: \(error)", "history")
            }
        }
        return disk
    }

    func failure(_ problem: String, _ place: String) -> SimulationFailure {
        SimulationFailure(seed: seed, problem: problem, place: place, image: nil)
    }

    var options: StoreOptions {
        var options = checker.options
        options.location = StoreLocation(directory: directory)
        return options
    }

    var masterKey: MasterKey { checker.masterKey }
    var imageDirectory: String { checker.directory }
    var backupDirectory: String { directory + "-backup" }

    // MARK: - Looking

    /// Checks images of every crash point, and chooses one to go on with.
    private func lookAtCrashPoints(_ disk: SimulatedDisk) throws(SimulationFailure) -> StoreImage? {
        let points = disk.takeCrashPoints()
        hasLied = hasLied || disk.hasLied
        let isCrash = random.happens(percent: 70)
        let chosen = isCrash ? random.number(0...points.count - 1) : points.count - 1
        var next: (image: StoreImage, recovered: Int, shredCount: Int)?
        for (number, point) in points.enumerated() {
            counts.crashPoints += 1
            counts.points[point.part, default: 0] += 1
            for index in 0..<limits.imagesPerPoint {
                let survival = survival(index)
                let image = StoreImage(files: point.state.image(survival, using: &random))
                let isVerified = random.happens(percent: 25)
                let found = try checker.check(
                    image,
                    of: point,
                    survival,
                    attempted: attempted,
                    shreds: shreds,
                    hasLied: hasLied,
                    isVerified: isVerified
                )
                counts.images += 1
                counts.verifications += isVerified ? 1 : 0
                if let found {
                    if number <= chosen, next == nil || number == chosen {
                        next = (image, found.recovered, found.shredCount)
                    }
                } else {
                    counts.refusals += 1
                }
            }
        }
        if isCrash { counts.crashes += 1 } else { counts.closings += 1 }
        guard let next else {
            // Every image was refused as damaged: the disk had lied from the beginning, and this history is over.
            if hasLied { return nil }
            throw failure("nothing to go on with", "end")
        }
        // A copy may be of a time that has not been, from where this history goes on.
        if isCrash { removeBackup() }
        attempted.removeLast(attempted.count - next.recovered)
        // What is ordered from here on is sealed with other keys, whichever version it has.
        shreds = shreds.prefix(next.shredCount).map { shred in
            Shred(namespace: shred.namespace, lastVersion: min(shred.lastVersion, UInt64(next.recovered)))
        }
        return next.image
    }

    private func removeBackup() {
        for part in ["/index/data.mdb", "/index/lock.mdb", "/latch.store", "/keyring", "/backup", "/lock"] {
            unlink(backupDirectory + part)
        }
        for part in ["/index", "/journal", ""] { rmdir(backupDirectory + part) }
    }

    private func survival(_ index: Int) -> Survival {
        if let survival = limits.survival { return survival }
        return switch index {
        case 0: .each(percent: random.number(1...99))
        case 1: random.happens(percent: 50) ? .everything : .nothing
        default: .each(percent: [5, 50, 95].randomElement(using: &random) ?? 50)
        }
    }
}
