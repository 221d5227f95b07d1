import Glibc

/// Who a file belongs to and who may read it.
struct FileFacts {
    let owner: uid_t
    let mode: mode_t
    let device: dev_t
    let bytes: Int

    /// `nil` where there is no such file, or it cannot be looked at.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        owner = status.st_uid
        mode = status.st_mode & 0o7777
        device = status.st_dev
        bytes = Int(status.st_size)
    }

    var isReadableByOthers: Bool { mode & 0o044 != 0 }
    var isWritableByOthers: Bool { mode & 0o022 != 0 }

    /// The mode as chmod takes it.
    var modeText: String { "0" + String(mode, radix: 8) }

    /// The name of an account, or its number.
    static func name(of account: uid_t) -> String {
        getpwuid(account).map { String(cString: $0.pointee.pw_name) } ?? "\(account)"
    }
}
