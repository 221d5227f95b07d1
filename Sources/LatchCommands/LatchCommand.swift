public import ArgumentParser
import Authentication

/// The program `latch`: a noun for each job, a verb for each thing that can be done with it.
public struct LatchCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "latch",
        abstract: "An MQTT broker whose retained messages are on disk before they are acknowledged, and sealed.",
        version: version,
        subcommands: [
            ServeCommand.self, KeyCommand.self, HealthCommand.self, StatisticsCommand.self, CheckpointCommand.self,
            BackupCommand.self, ImportCommand.self, ExportCommand.self, RetainedCommand.self, RecoverCommand.self,
            VerifyCommand.self, CompactCommand.self, BenchCommand.self, PasswdCommand.self, AccessCommand.self,
            TokenCommand.self, DoctorCommand.self,
        ]
    )

    /// The program's version.
    static let version = "0.1.0"

    /// What knows about JWT; `nil` in a program that was linked without it.
    @TaskLocal static var webTokens: (any WebTokenSupport)?

    public init() {}
}
