internal import Foundation
import TestSupport
import Testing

/// `samples/api` is what the sandbox answers, `samples/outbox` what `samples/occ-export.yaml` makes of it: what users get.
///
/// `RECORD_SAMPLES=1` writes it anew and fails, so that the difference is read like code.
struct `The samples` {
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SAMPLES"] == "1"
    private static let samples = "\(Checkout.path)/samples"

    @Test(.tags(.golden)) func `is what the sample configuration publishes`() async throws {
        let arguments = ["--rows", "36", "--contracts", "3", "--seed", "3"]
        try await Partner.with(sandbox: arguments, isInitialised: false) { partner in
            let text = try String(
                contentsOfFile: "\(Checkout.path)/samples/occ-export.yaml",
                encoding: .utf8
            )
            try partner.write(
                "occ-export.yaml",
                text.replacing("http://127.0.0.1:8085/api/v1", with: partner.sandbox.address)
                    .replacing("../templates", with: "\(Checkout.path)/templates")
                    .replacing("../samples", with: "\(Checkout.path)/samples")
            )
            #expect(try partner.occExport("init").status == 0)
            let result = try partner.occExport("run")
            #expect(result.status == 0, "\(result.output)\(result.error)")
            var found = try Self.files(in: "\(partner.folder)/outbox", as: "outbox")
            found.merge(try Self.answers(partner)) { _, new in new }
            let expected = try Self.files(in: "\(Self.samples)/outbox", as: "outbox").merging(
                Self.files(in: "\(Self.samples)/api", as: "api")
            ) { _, new in new }
            guard found != expected else { return }
            for name in Set(found.keys).union(expected.keys).sorted()
            where found[name] != expected[name] {
                Issue.record("samples/\(name) is not what is made now")
            }
            guard Self.isRecording else { return }
            for name in expected.keys {
                try FileManager.default.removeItem(atPath: "\(Self.samples)/\(name)")
            }
            for (name, data) in found {
                let path = URL(fileURLWithPath: "\(Self.samples)/\(name)")
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try data.write(to: path)
            }
        }
    }

    /// What the API answers for each contract and feed, as files that `render` takes.
    private static func answers(_ partner: Partner) throws -> [String: Data] {
        let books = try partner.sandbox.control("books")
        // A list a place, a row a line: the books' own texts, amounts as they were written.
        var answers: [String: Data] = [:]
        for match in books.matches(of: /"([a-z-]+(?:\/[0-9]+)?)":\[(.*?)\](?=,"|\})/) {
            let name = match.1.replacing("/", with: "-")
            let rows = match.2.replacing("},{", with: "},\n {")
            answers["api/\(name).json"] = Data("[\(rows)]\n".utf8)
        }
        return answers
    }

    /// The files below a folder but our own ones, by path; what chance and the clock's hashes put into
    /// manifests is replaced by letters.
    private static func files(in folder: String, as prefix: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for case let url as URL in FileManager.default.enumerator(
            at: URL(fileURLWithPath: folder),
            includingPropertiesForKeys: [.isRegularFileKey]
        ) ?? .init() {
            let name = String(url.path.dropFirst(folder.count + 1))
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
                !name.hasPrefix(".occ-export")
            else { continue }
            var data = try Data(contentsOf: url)
            if name.hasSuffix("manifest.json") || name.hasSuffix(".html")
                || name.hasSuffix("SHA256SUMS")
            {
                data = Data(normalized(String(decoding: data, as: UTF8.self)).utf8)
            }
            files["\(prefix)/\(name)"] = data
        }
        return files
    }

    private static func normalized(_ text: String) -> String {
        text
            // The ledger's id is a chance UUID; what hangs on it are the manifests' own hashes.
            .replacing(/"ledger" : "[0-9a-f-]{36}"/, with: "\"ledger\" : \"LEDGER\"")
            .replacing(/"previous" : "[0-9a-f]{64}"/, with: "\"previous\" : \"PREVIOUS\"")
            .replacing(/[0-9a-f]{64}  summary\.html/, with: "SUMMARY  summary.html")
    }
}
