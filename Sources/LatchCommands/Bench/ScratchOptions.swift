import ArgumentParser

/// Where a measurement puts stores of its own.
struct ScratchOptions: ParsableArguments {
    @Option(
        help: "Where its stores lie while they are measured (default: TMPDIR or /tmp). Choose the disk that counts."
    )
    var directory: String?
}
