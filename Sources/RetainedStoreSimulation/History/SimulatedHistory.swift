internal import Glibc
package import RetainedStore

/// A random history of one store on a disk that crashes: set, replace, clear, checkpoint, end and open again, with
/// segments recycled on the way; and at every sync of it a look at what a crash there would leave.
///
/// A seed brings a history back: everything happens in one thread's order, which the disk's schedule imposes on the
/// store's threads. (What is random in the store itself, keys, ids and nonces, is drawn anew: a B-tree may have another
/// shape.)
package final class SimulatedHistory {
    package private(set) var counts = SimulationCounts()

    private let seed: UInt64
    private let directory: String
    private let limits: SimulationLimits
    private let checker: CrashCheck
    private var random: SeededGenerator
    /// Every change so far, in the order of versions.
    private var attempted: [Change] = []
    private var changeNumber = 0

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
            image = try runOnce(from: image)
        }
    }

    /// Opens an image, lives with it for some steps, looks at all crash points, and returns the image to go on with.
    private func runOnce(from image: StoreImage) throws(SimulationFailure) -> StoreImage {
        let disk = SimulatedDisk(image, directory: directory, seed: random.next())
        let fault =
            limits.faults.isEmpty || random.happens(percent: 20) ? nil : limits.faults.randomElement(using: &random)
        do throws(EnvironmentError) {
            try image.write(to: directory)
        } catch {
            throw SimulationFailure(seed: seed, problem: "\(error)", place: "beginning", image: nil)
        }
        disk.watch()
        defer { disk.unwatch() }
        disk.drop(limits.droppedSyncs)
        // What was recovered has been acknowledged before, or may be from here on: it is all there, and on the disk
        // once the store is open.
        let recovered = attempted.count
        if let fault {
            counts.faults += 1
            disk.arm(fault, after: random.number(0...60))
        }
        do {
            let life = try StoreLife(disk: disk, options: options, masterKey: checker.masterKey)
            defer { life.end() }
            disk.acknowledged(UInt64(recovered))
            for _ in 0..<random.number(1...limits.stepsMax) {
                guard try step(life) else { break }
            }
            if !disk.hasFailed, try life.store.makeReader().everything() != attempted.retained {
                throw SimulationFailure(
                    seed: seed,
                    problem: "not what was given to it",
                    place: "living store",
                    image: nil
                )
            }
        } catch let error as SimulationFailure {
            throw error
        } catch {
            // A disk that fails ends the store; one that is well does not.
            guard fault != nil else {
                throw SimulationFailure(seed: seed, problem: "the store failed: \(error)", place: "history", image: nil)
            }
        }
        return try lookAtCrashPoints(disk)
    }

    private var options: StoreOptions {
        var options = checker.options
        options.location = StoreLocation(directory: directory)
        return options
    }

    // MARK: - Steps

    /// Does something; false if the store is not to be used any more.
    private func step(_ life: StoreLife) throws(StoreError) -> Bool {
        switch random.number(0...9) {
        case 0, 1, 2, 3, 4, 5: try commit(life)
        case 6, 7: try gather(life)
        default:
            counts.checkpoints += 1
            // What happens meanwhile happens at the checkpoint's moments, in its thread, while this one waits.
            try life.checkpoint { [self] () throws(StoreError) in
                if random.happens(percent: 40) { try commit(life) }
            }
        }
        life.settle()
        return life.isHealthy
    }

    private func commit(_ life: StoreLife) throws(StoreError) {
        let isLarge = random.happens(percent: 4)
        try add(batch(isLarge: isLarge), life)
        life.waitUntilDurable()
    }

    /// Several batches in one group, or in the groups on both sides of a segment's end.
    private func gather(_ life: StoreLife) throws(StoreError) {
        life.disk.holdWrites(true)
        defer { life.disk.holdWrites(false) }
        try add(batch(isLarge: false), life)
        life.disk.waitForHeldWrite()
        for _ in 0..<random.number(1...3) { try add(batch(isLarge: false), life) }
        life.disk.holdWrites(false)
        life.waitUntilDurable()
    }

    private func add(_ changes: [Change], _ life: StoreLife) throws(StoreError) {
        do throws(StoreError) {
            try life.commit(changes) { version in
                precondition(version == UInt64(attempted.count) + 1, "versions have no gaps")
                // Before anything can be on a disk.
                attempted += changes
                counts.changes += changes.count
            }
        } catch {
            // Refused before it was ordered (D3): the writer tries something else later.
            guard case .full = error else { throw error }
            life.disk.giveSpace()
            life.waitForSpace()
        }
    }

    private func batch(isLarge: Bool) -> [Change] {
        (0..<random.number(1...4)).map { _ in
            changeNumber += 1
            // Few topics, so that they are replaced and cleared; many namespaces, so that keys are made on the way.
            let (namespace, leaf) = (random.number(0...9), random.number(0...3))
            let topic = "n\(namespace)/t\(leaf)"
            // A third of it waits for a session, in the same batches; a number stands for one topic.
            let session: UInt64? = random.happens(percent: 33) ? UInt64(namespace * 4 + leaf) : nil
            if random.happens(percent: 20) { return Change(topic: topic, payload: nil, sessionNumber: session) }
            let bytes = isLarge ? random.number(2_000...9_000) : random.number(0...300)
            return Change(
                topic: topic,
                payload: "\(changeNumber) " + String(repeating: "p", count: bytes),
                sessionNumber: session
            )
        }
    }

    // MARK: - Looking

    /// Checks images of every crash point, and chooses one to go on with.
    private func lookAtCrashPoints(_ disk: SimulatedDisk) throws(SimulationFailure) -> StoreImage {
        let points = disk.takeCrashPoints()
        let hasLied = disk.hasLied
        let isCrash = random.happens(percent: 70)
        let chosen = isCrash ? random.number(0...points.count - 1) : points.count - 1
        var next: (image: StoreImage, recovered: Int)?
        for (number, point) in points.enumerated() {
            counts.crashPoints += 1
            counts.points[point.part, default: 0] += 1
            for index in 0..<limits.imagesPerPoint {
                let survival = survival(index)
                let image = StoreImage(files: point.state.image(survival, using: &random))
                let isVerified = random.happens(percent: 25)
                let recovered = try checker.check(
                    image,
                    of: point,
                    survival,
                    attempted: attempted,
                    hasLied: hasLied,
                    isVerified: isVerified
                )
                counts.images += 1
                counts.verifications += isVerified ? 1 : 0
                if let recovered {
                    if number <= chosen, next == nil || number == chosen { next = (image, recovered) }
                } else {
                    counts.refusals += 1
                }
            }
        }
        if isCrash { counts.crashes += 1 } else { counts.closings += 1 }
        guard let next else {
            // Every image was refused as damaged: the disk had lied from the beginning, and this history is over.
            throw SimulationFailure(seed: seed, problem: "nothing to go on with", place: "end", image: nil)
        }
        attempted.removeLast(attempted.count - next.recovered)
        return next.image
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
