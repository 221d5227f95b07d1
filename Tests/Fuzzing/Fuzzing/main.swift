import CLibFuzzer
import Glibc

// Fuzzing TARGET [libFuzzer's arguments] fuzzes; Fuzzing TARGET --seeds FIXTURES DIRECTORY writes what a fuzzer begins with.
let arguments = CommandLine.arguments
guard arguments.count > 1, let target = FuzzTarget(rawValue: arguments[1]) else {
    print("Fuzzing TARGET [arguments of libFuzzer]: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    exit(1)
}
if arguments.count == 5, arguments[2] == "--seeds" {
    try SeedCorpus(fixtures: arguments[3]).write(target, to: arguments[4])
    exit(0)
}
FuzzTarget.current = target
var rest: [UnsafeMutablePointer<CChar>?] = arguments.enumerated().filter { $0.offset != 1 }.map { strdup($0.element) }
var count = CInt(rest.count)
rest.append(nil)
let status = rest.withUnsafeMutableBufferPointer { arguments in
    var arguments = arguments.baseAddress
    return LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
        FuzzTarget.current.read(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
    }
}
exit(status)
