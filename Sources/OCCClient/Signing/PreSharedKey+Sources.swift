internal import FoundationEssentials
internal import Glibc

extension PreSharedKey {
    /// A key, and where it was found.
    public struct Found: Sendable {
        /// The key.
        public let key: PreSharedKey
        /// `file PATH` or `variable NAME`.
        public let origin: String
        /// What an operator should know of it: open to others, short, visible to others.
        public let warnings: [String]
    }

    /// The most bytes that a key file may have.
    private static let largestFile = 65_536

    /// Finds the key: a file named by setting or `OCC_PSK_FILE`, the systemd credential `occ_psk`,
    /// the Docker secret `occ_psk`, the variable `OCC_PSK`.
    ///
    /// `variable`: the name of the only variable to take it from, if a setting says so.
    /// `secrets`: the folder of Docker's secrets.
    ///
    /// - Throws: `OCCClientError` with code `secret` when there is none, or its file is not fit.
    public static func find(
        file: String?,
        variable: String?,
        environment: [String: String],
        secrets: String = "/run/secrets"
    ) throws(OCCClientError) -> Found {
        if let variable {
            guard let text = environment[variable] else {
                throw OCCClientError(
                    .secret,
                    "the environment variable '\(variable)' (psk_env) is not set"
                )
            }
            return try found(text, "variable \(variable)", isVariable: true)
        }
        if let named = file ?? environment["OCC_PSK_FILE"] { return try read(named) }
        var places: [String] = []
        if let folder = environment["CREDENTIALS_DIRECTORY"] { places.append("\(folder)/occ_psk") }
        places.append("\(secrets)/occ_psk")
        for place in places where FileManager.default.fileExists(atPath: place) {
            return try read(place)
        }
        guard let text = environment["OCC_PSK"] else {
            throw OCCClientError(
                .secret,
                "there is no pre-shared key; name its file as source.psk_file or in OCC_PSK_FILE"
            )
        }
        return try found(text, "variable OCC_PSK", isVariable: true)
    }

    private static func found(
        _ text: String,
        _ origin: String,
        isVariable: Bool,
        warnings: [String] = []
    ) throws(OCCClientError) -> Found {
        let key = try PreSharedKey(text)
        var warnings = warnings
        if isVariable {
            warnings.append(
                "an environment variable is visible in /proc and to docker inspect; a file is not"
            )
        }
        if key.isShort {
            // Trap 6: the server decides.
            warnings.append("it is shorter than 128 characters, the API may refuse it")
        }
        return Found(key: key, origin: origin, warnings: warnings)
    }

    private static func read(_ path: String) throws(OCCClientError) -> Found {
        // Opened before it is looked at, so that what is checked is what is read; not blocking, for
        // a pipe has no other end.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw OCCClientError(
                .secret,
                "the key file '\(path)' cannot be read; is it there, and may this user read it?"
            )
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw OCCClientError(.secret, "the key file '\(path)' is no regular file")
        }
        guard status.st_mode & 0o002 == 0 else {
            throw OCCClientError(
                .secret,
                "the key file '\(path)' may be written by everyone; chmod o-w it"
            )
        }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while bytes.count <= largestFile {
            let count = unsafe Glibc.read(descriptor, &part, part.count)
            guard count >= 0 else {
                throw OCCClientError(.secret, "the key file '\(path)' cannot be read")
            }
            if count == 0 { break }
            bytes.append(contentsOf: part[..<count])
        }
        guard bytes.count <= largestFile, let text = String(validating: bytes, as: UTF8.self) else {
            throw OCCClientError(
                .secret,
                "the key file '\(path)' is no UTF-8 text of 64 KiB at most"
            )
        }
        let isOpen = status.st_mode & 0o004 != 0
        return try found(
            text,
            "file \(path)",
            isVariable: false,
            warnings: isOpen ? ["file \(path) can be read by everyone; chmod 0600 it"] : []
        )
    }
}
