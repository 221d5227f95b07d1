import Foundation
import Glibc
import Testing

extension StoreProcessTests {
    /// The guide for moving, run as its reader runs it: every command of it, in order, from a mosquitto to a Latch and back.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct GuideTests {
        private static let page = Executable.package + "Sources/LatchCommands/LatchCommands.docc/Moving.md"
        private static let database = Executable.package + "Fixtures/mosquitto/database/mosquitto-2.0.11.db"

        /// The commands of the page, one shell script a section, under the section's title.
        private static func sections() throws -> [(title: String, script: String)] {
            var sections: [(title: String, script: String)] = []
            var title = ""
            var isScript = false
            for line in try String(contentsOfFile: page, encoding: .utf8).split(
                separator: "\n",
                omittingEmptySubsequences: false
            ) {
                if line.hasPrefix("## ") { title = String(line.dropFirst(3)) }
                if line == "```sh" {
                    isScript = true
                    sections.append((title, ""))
                } else if line == "```" {
                    isScript = false
                } else if isScript {
                    sections[sections.count - 1].script += line + "\n"
                }
            }
            return sections
        }

        /// The page with its places moved into a test's directory.
        private func moved(_ script: String, _ places: [String: String]) throws -> String {
            try script.split(separator: "\n").map { line in
                let name = String(line.prefix { $0 != "=" })
                return try "\(name)=\(#require(places[name], "the test has no place for \(line)"))"
            }.joined(separator: "\n")
        }

        @Test func everyCommandOfTheGuideDoesWhatItSays() async throws {
            let directory = try TemporaryDirectory()
            let data = directory.file("data")
            let port = try FreePort.next()
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let log = directory.file("broker.log")
            let configuration = try directory.write(
                "mosquitto.conf",
                """
                listener \(port) 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location \(data)/
                pid_file \(data)/latch.pid
                log_dest file \(log)
                user \(geteuid() == 0 ? "root" : String(cString: getpwuid(geteuid()).pointee.pw_name))

                """
            )
            // What the mosquitto before has left when it was stopped.
            try FileManager.default.copyItem(atPath: Self.database, toPath: data + "/mosquitto.db")
            let sections = try Self.sections()
            try #require(sections.count >= 6, "the guide has lost its commands")
            let places = try moved(
                sections[0].script,
                [
                    "DATA": data, "CONF": configuration, "KEY": directory.file("master.key"),
                    "BROKER": "mqtt://127.0.0.1:\(port)",
                ]
            )
            let bin = (try Executable.latch() as NSString).deletingLastPathComponent
            var outputs: [String: String] = [:]
            func run(_ script: String) async throws -> String {
                try await Client.run(
                    "/bin/sh",
                    ["-euc", places + "\n" + script],
                    environment: ["PATH": "\(bin):/usr/sbin:/usr/bin:/bin", "HOME": directory.path],
                    in: directory,
                    withinSeconds: 120
                )
            }
            defer { Self.end(pidFile: data + "/latch.pid") }
            for (title, script) in sections.dropFirst() {
                if title.hasPrefix("1 ") {
                    // The key is made in the next section; a dry run into a store that is not there yet needs none.
                    outputs[title] = try await run(script)
                    #expect(!FileManager.default.fileExists(atPath: data + "/latch"))
                    continue
                }
                outputs[title] = try await run(script)
            }
            func output(_ number: Int) -> String { outputs.first { $0.key.hasPrefix("\(number) ") }?.value ?? "" }
            #expect(output(1).contains("to import   6") && output(1).contains("expired     1"))
            #expect(output(3).contains("imported    6"))
            #expect(output(4).hasPrefix("6\n") && output(4).hasSuffix("\n6\n") && output(4).contains("bob/door"))
            #expect(output(5).contains("unchanged   6") && output(5).contains("to import   0"))
            // mosquitto runs again, with everything that it had.
            let back = try await Client.run(
                Executable.mosquittoSub(),
                ["-h", "127.0.0.1", "-p", "\(port)", "-t", "#", "-F", "%t", "-C", "6", "-W", "20"],
                in: directory
            )
            #expect(back.split(separator: "\n").count == 6 && back.contains("bob/door"))
        }

        /// Ends the broker that the guide has left running.
        private static func end(pidFile: String) {
            guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8),
                let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 1
            else { return }
            kill(pid, SIGTERM)
        }
    }
}
