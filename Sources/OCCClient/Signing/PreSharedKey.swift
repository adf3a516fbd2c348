internal import Crypto
internal import FoundationEssentials

/// The partner's pre-shared key.
///
/// It shows itself to nobody: it prints `***` and is not encodable.
public struct PreSharedKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let bytes: [UInt8]

    /// Takes the text as it is, without blanks and one byte-order mark at the ends (API document, trap 4).
    public init(_ text: String) throws(OCCClientError) {
        var trimmed = Substring(text)
        if trimmed.unicodeScalars.first == "\u{FEFF}" { trimmed.unicodeScalars.removeFirst() }
        while let first = trimmed.first, first.isWhitespace { trimmed.removeFirst() }
        while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
        guard !trimmed.isEmpty else {
            throw OCCClientError(.secret, "the pre-shared key is empty")
        }
        bytes = Array(trimmed.utf8)
    }

    /// Always `***`.
    public var description: String { "***" }
    /// Always `***`.
    public var debugDescription: String { "***" }

    /// Whether it is shorter than the 128 characters that the API document asks for.
    public var isShort: Bool { bytes.count < 128 }

    /// HMAC-SHA256 of a text, in base64.
    func signature(of text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8),
            using: SymmetricKey(data: bytes)
        )
        return Data(code).base64EncodedString()
    }

    /// Finds the key: a file named by setting or `OCC_PSK_FILE`, the systemd credential `occ_psk`,
    /// `/run/secrets/occ_psk`, the variable named by setting, `OCC_PSK`.
    ///
    /// - Returns: the key and where it was found.
    /// - Throws: `OCCClientError` with code `secret` when there is none, or its file is not fit.
    public static func find(
        file: String?,
        variable: String?,
        environment: [String: String]
    ) throws(OCCClientError) -> (key: PreSharedKey, origin: String) {
        if let variable {
            guard let text = environment[variable] else {
                throw OCCClientError(
                    .secret,
                    "the environment variable '\(variable)' (psk_env) is not set"
                )
            }
            return (try PreSharedKey(text), "variable \(variable)")
        }
        if let named = file ?? environment["OCC_PSK_FILE"] {
            return (try read(named), "file \(named)")
        }
        var places: [String] = []
        if let folder = environment["CREDENTIALS_DIRECTORY"] { places.append("\(folder)/occ_psk") }
        places.append("/run/secrets/occ_psk")
        for place in places where FileManager.default.fileExists(atPath: place) {
            return (try read(place), "file \(place)")
        }
        guard let text = environment["OCC_PSK"] else {
            throw OCCClientError(
                .secret,
                "there is no pre-shared key; name its file as source.psk_file or in OCC_PSK_FILE"
            )
        }
        return (try PreSharedKey(text), "variable OCC_PSK")
    }

    private static func read(_ path: String) throws(OCCClientError) -> PreSharedKey {
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(atPath: path)
        } catch {
            throw OCCClientError(.secret, "the key file '\(path)' cannot be read")
        }
        if let mode = attributes[.posixPermissions] as? Int, mode & 0o002 != 0 {
            throw OCCClientError(
                .secret,
                "the key file '\(path)' may be written by everyone; chmod o-w it"
            )
        }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 65_536,
            let text = String(validating: data, as: UTF8.self)
        else { throw OCCClientError(.secret, "the key file '\(path)' is no readable text") }
        return try PreSharedKey(text)
    }
}
