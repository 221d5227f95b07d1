import CLibFuzzer
import Glibc

// Fuzzing TARGET [libFuzzer's arguments]; the target's name is taken out of them.
guard CommandLine.arguments.count > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
    print("Fuzzing TARGET [arguments of libFuzzer]: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    exit(1)
}
FuzzTarget.current = target
var rest: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.enumerated()
    .filter { $0.offset != 1 }
    .map { strdup($0.element) }
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
