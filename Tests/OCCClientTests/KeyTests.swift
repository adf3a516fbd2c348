import Foundation
import OCCClient
import TestSupport
import Testing

/// The pre-shared key: traps 4 and 6 of the API document; reliability, section 6.1.
struct `The pre-shared key` {
    private let text = String(repeating: "0123456789abcdef", count: 8)

    @Test func `shows itself nowhere`() throws {
        let key = try PreSharedKey(text)
        var dumped = ""
        dump(key, to: &dumped)
        for shown in [
            "\(key)", String(reflecting: key), dumped, "\([key])",
            String(describing: Optional(key)),
        ] {
            #expect(!shown.contains("0123"))
            #expect(!shown.contains("48, 49"))
        }
        #expect("\(key)" == "***")
    }

    @Test(arguments: ["\n", "\r\n", " \t", "\u{FEFF}", "\u{A0}"])
    func `is trimmed at the ends, and nowhere else`(_ around: String) throws {
        let key = try PreSharedKey(text)
        #expect(try PreSharedKey(text + around) == key)
        #expect(try PreSharedKey(around + text) == key)
        #expect(try PreSharedKey("ab" + around + "cd") != (try PreSharedKey("abcd")))
        #expect(try PreSharedKey("\u{FEFF}\u{FEFF}" + text) != key)
        #expect(throws: OCCClientError.self) { try PreSharedKey(around) }
    }

    @Test func `is compared whole`() throws {
        #expect(try PreSharedKey("abc") == (try PreSharedKey("abc")))
        #expect(try PreSharedKey("abc") != (try PreSharedKey("abd")))
        #expect(try PreSharedKey("abc") != (try PreSharedKey("abcd")))
    }

    private func write(_ text: String, _ path: String, mode: Int = 0o600) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func `is looked for in the order that is documented`() async throws {
        try await withTemporaryDirectory { folder in
            for place in ["named", "variable-named", "cred/occ_psk", "secrets/occ_psk"] {
                let path = "\(folder)/\(place)"
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent,
                    withIntermediateDirectories: true
                )
                try write(place, path)
            }
            var environment = [
                "OCC_PSK_FILE": "\(folder)/variable-named",
                "CREDENTIALS_DIRECTORY": "\(folder)/cred", "OCC_PSK": "bare",
            ]
            func found(_ file: String? = nil) throws -> String {
                try PreSharedKey.find(
                    file: file,
                    variable: nil,
                    environment: environment,
                    secrets: "\(folder)/secrets"
                ).origin
            }
            #expect(try found("\(folder)/named") == "file \(folder)/named")
            #expect(try found() == "file \(folder)/variable-named")
            environment["OCC_PSK_FILE"] = nil
            #expect(try found() == "file \(folder)/cred/occ_psk")
            environment["CREDENTIALS_DIRECTORY"] = nil
            #expect(try found() == "file \(folder)/secrets/occ_psk")
            try FileManager.default.removeItem(atPath: "\(folder)/secrets/occ_psk")
            #expect(try found() == "variable OCC_PSK")
            environment["OCC_PSK"] = nil
            let error = #expect(throws: OCCClientError.self) { try found() }
            #expect(
                error?.message
                    == "there is no pre-shared key; name its file as source.psk_file or in OCC_PSK_FILE"
            )
        }
    }

    @Test func `comes from the variable of a setting alone, with a word on variables`() throws {
        let found = try PreSharedKey.find(
            file: nil,
            variable: "MY_KEY",
            environment: ["MY_KEY": text, "OCC_PSK": "other"]
        )
        #expect(found.key == (try PreSharedKey(text)))
        #expect(
            found.warnings == [
                "an environment variable is visible in /proc and to docker inspect; a file is not"
            ]
        )
        #expect(throws: OCCClientError.self) {
            try PreSharedKey.find(file: nil, variable: "MY_KEY", environment: ["OCC_PSK": "other"])
        }
    }

    @Test func `a file that is not fit is refused, one that is open is named`() async throws {
        try await withTemporaryDirectory { folder in
            func message(_ path: String) -> String? {
                do throws(OCCClientError) {
                    let found = try PreSharedKey.find(file: path, variable: nil, environment: [:])
                    return found.warnings.first
                } catch {
                    return error.message
                }
            }
            let path = "\(folder)/psk"
            try write(text + "\n", path)
            #expect(message(path) == nil)
            try write(text, path, mode: 0o644)
            #expect(message(path) == "file \(path) can be read by everyone; chmod 0600 it")
            try write(text, path, mode: 0o602)
            #expect(
                message(path) == "the key file '\(path)' may be written by everyone; chmod o-w it"
            )
            try write("short", path)
            #expect(message(path) == "it is shorter than 128 characters, the API may refuse it")
            try write(String(repeating: "x", count: 70_000), path)
            #expect(message(path) == "the key file '\(path)' is no UTF-8 text of 64 KiB at most")
            #expect(message(folder) == "the key file '\(folder)' is no regular file")
            #expect(message("/dev/zero") == "the key file '/dev/zero' is no regular file")
            #expect(
                message("\(folder)/none")
                    == "the key file '\(folder)/none' cannot be read; is it there, and may this user read it?"
            )
            // Kubernetes mounts secrets as links.
            try write(text, path)
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link",
                withDestinationPath: path
            )
            #expect(message("\(folder)/link") == nil)
        }
    }
}
