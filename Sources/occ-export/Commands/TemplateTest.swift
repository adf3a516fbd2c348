internal import Foundation
internal import OCCClient
internal import Templates
internal import Transactions

/// One folder of a template's tests.
struct TemplateTest {
    /// The template's folder.
    let template: String
    /// The test's folder.
    let folder: String

    /// The day and number that tests are rendered with, so that their files never change.
    private static let created = UTCTimestamp("2026-11-24T03:00:00Z")
    private static let timeZone = "Europe/Tallinn"
    /// What is rejected or held stands in a file of its own beside the files.
    static let notes = "NOTES"

    /// What differs in one file.
    struct Difference {
        /// The expected file.
        let file: String
        /// What is wrong with it.
        let reason: String
        /// The lines that differ, as `diff -u` shows them; nil where there is nothing to compare.
        let difference: String?
    }

    /// The tests of a template, by name.
    ///
    /// - Throws: `DataError` for what stands among the tests and is none: nothing is skipped in silence.
    static func all(in template: String) throws -> [TemplateTest] {
        let tests = "\(template)/tests"
        guard try isFolder(tests) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: tests).sorted().map { name in
            guard try isFolder("\(tests)/\(name)") else {
                throw DataError("\(tests)/\(name): is no test's folder; move it away")
            }
            return TemplateTest(template: template, folder: "\(tests)/\(name)")
        }
    }

    private static func isFolder(_ path: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return attributes[.type] as? FileAttributeType == .typeDirectory
    }

    /// The parameters' file, where the test has one.
    var parameters: String? {
        let path = "\(folder)/parameters.yaml"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The invoice section of an export, where the test has one.
    var invoice: String? {
        let path = "\(folder)/invoice.yaml"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// The lookups' files as NAME=FILE.
    func lookups() throws -> [String] {
        let tables = "\(folder)/lookups"
        guard try Self.isFolder(tables) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: tables).sorted()
            .filter { $0.hasSuffix(".csv") }
            .map { "\($0.dropLast(4))=\(tables)/\($0)" }
    }

    /// The template, checked with the test's parameters and lookups.
    ///
    /// `findings` takes all that is wrong.
    func plan(findings: Findings? = nil) throws -> Plan {
        try Rendered.plan(
            template,
            parameters,
            try lookups(),
            Self.timeZone,
            version: "1.0",
            invoice: invoice,
            findings: findings
        )
    }

    /// The batch that tests are rendered as.
    static func batch() throws -> BatchContext {
        guard let created else { throw DataError("the day of tests is none") }
        let day = try TimeZoneRules(identifier: timeZone).localTime(at: created).date
        return BatchContext(id: "test", number: 42, created: created, day: day)
    }

    /// What differs from the expected files, one entry a file.
    func differences(recording: Bool) throws -> [Difference] {
        let plan = try plan()
        let rows = try Rendered.rows(in: "\(folder)/transactions.json", feed: plan.feed)
        let batch = try Self.batch()
        var notes = rows.rejected.map { "row \($0.position): \($0.reason)" }
        var selector = plan.selector(batch: batch)
        var selected: [SelectedTransaction] = []
        let reverses = try reverses(rows.rejected)
        for (transaction, reverses) in zip(rows.transactions, reverses) {
            switch selector.outcome(of: transaction, reverses: reverses) {
            case .selected(let transaction): selected.append(transaction)
            case .notMatching: break
            case .held(let reason): notes.append("transaction \(transaction.key) held: \(reason)")
            case .rejected(let reason):
                notes.append("transaction \(transaction.key) rejected: \(reason)")
            }
        }
        selected = selected.filter { one in
            switch selector.hindrance(of: one) {
            case .held(let reason)?:
                notes.append("transaction \(one.transaction.key) held: \(reason)")
            case .rejected(let reason)?:
                notes.append("transaction \(one.transaction.key) rejected: \(reason)")
            default: return true
            }
            return false
        }
        var found: [String: [UInt8]] = [:]
        do {
            let (rendering, contents) = try plan.rendered(selected, batch: batch)
            for one in rendering.rejected {
                notes.append("transaction \(one.key) rejected: \(one.reason)")
            }
            for file in rendering.files {
                try readBack(file, plan, batch, contents[file.package ?? file.name] ?? [])
            }
            found = contents
        } catch let error as RenderingError {
            // Nothing is published then, which a test may expect as well: on_reject: stop, a check.
            notes.append("batch refused: \(error.diagnostic.message) [\(error.diagnostic.name)]")
        }
        if !notes.isEmpty {
            guard found[Self.notes] == nil else {
                throw DataError(
                    "\(folder): a file of the template is called \(Self.notes); rename it"
                )
            }
            found[Self.notes] = Array((notes.joined(separator: "\n") + "\n").utf8)
        }
        return try compare(found, recording)
    }

    /// Reads a file back as `run` does before it publishes.
    private func readBack(
        _ file: RenderedFile,
        _ plan: Plan,
        _ batch: BatchContext,
        _ bytes: [UInt8]
    ) throws {
        var source: ByteSource = { take in try take(bytes[...]) }
        if let package = file.package {
            source = ZipReader.member(file.name, of: package, source)
        }
        guard file.kind == "xml" else {
            _ = try plan.readBack(file, batch: batch, from: source)
            return
        }
        var document: [UInt8] = []
        try source { document += $0 }
        _ = try XMLSchemas(file.schemas).check(document, file: file.name)
    }

    /// For each row that can be read: the batch that it takes back, its key `reverses`; nil for what is
    /// sent as it is.
    private func reverses(_ rejected: [RejectedRow]) throws -> [Int?] {
        struct Row: Decodable {
            let reverses: Int?
            enum CodingKeys: CodingKey { case reverses }

            init(from decoder: any Decoder) throws {
                let fields: KeyedDecodingContainer<CodingKeys>
                do {
                    fields = try decoder.container(keyedBy: CodingKeys.self)
                } catch DecodingError.typeMismatch {
                    // A row that is no object: it is rejected as one, and takes nothing back.
                    reverses = nil
                    return
                }
                reverses = try fields.decodeIfPresent(Int.self, forKey: .reverses)
            }
        }
        let path = "\(folder)/transactions.json"
        let rows: [Row]
        do {
            rows = try JSONDecoder().decode(
                [Row].self,
                from: FileManager.default.contents(atPath: path) ?? Data()
            )
        } catch {
            throw DataError("\(path): 'reverses' is the number of a batch: \(error)")
        }
        let unread = Set(rejected.map(\.position))
        return rows.enumerated().filter { !unread.contains($0.offset + 1) }.map(\.element.reverses)
    }

    private func compare(_ found: [String: [UInt8]], _ recording: Bool) throws -> [Difference] {
        let expectedFolder = "\(folder)/expected"
        var expected: [String: [UInt8]] = [:]
        if try Self.isFolder(expectedFolder) {
            for name in try FileManager.default.contentsOfDirectory(atPath: expectedFolder) {
                expected[name] = FileManager.default.contents(atPath: "\(expectedFolder)/\(name)")
                    .map(Array.init)
            }
        }
        var differences: [Difference] = []
        for name in Set(found.keys).union(expected.keys).sorted() {
            let path = "\(expectedFolder)/\(name)"
            let (old, new) = (expected[name], found[name])
            guard old != new else { continue }
            let difference = TemplateDifference(
                expected: old ?? [],
                actual: new ?? [],
                file: path
            )
            differences.append(
                Difference(
                    file: path,
                    reason: new == nil
                        ? "is not rendered any more" : old == nil ? "is new" : "differs",
                    difference: difference.text
                )
            )
            guard recording else { continue }
            if let new {
                try write(new, name, expectedFolder)
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
        }
        return differences
    }

    private func write(_ bytes: [UInt8], _ name: String, _ folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
}
