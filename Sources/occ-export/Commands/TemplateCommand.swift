internal import ArgumentParser
internal import Foundation
internal import OCCClient
internal import Templates
internal import Transactions

/// `template`: what an integrator works with.
struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Check and test templates.",
        subcommands: [TemplateCheckCommand.self, TemplateTestCommand.self]
    )
}

/// `template check`: proves the templates of the configuration, or one with given parameters.
struct TemplateCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prove templates without fetching anything.",
        discussion: """
            Examples:
              occ-export template check                                   all of the configuration
              occ-export template check templates/accountant-csv          with its first test's inputs
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Argument(help: "Template folders; none for the configuration's exports.")
    var templates: [String] = []

    @Flag(help: "Let warnings fail too.")
    var strict = false

    private struct Report: Encodable {
        let checked: Int
        let warnings: [String]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let plans: [Plan]
            if templates.isEmpty {
                plans = try Setup(file).plans().map(\.plan)
            } else {
                plans = try templates.map { folder in
                    guard let test = try TemplateTest.all(in: folder).first else {
                        return try Rendered.plan(folder, nil, [], "Europe/Tallinn")
                    }
                    return try test.plan()
                }
            }
            let warnings = plans.flatMap(\.warnings)
            for warning in warnings {
                console.note(console.showsProgress ? warning.threeLines : warning.oneLine)
            }
            try console.result(
                Report(checked: plans.count, warnings: warnings.map(\.oneLine))
            ) { "\(plans.count) templates checked, \(warnings.count) warnings" }
            return strict && !warnings.isEmpty ? .configuration : .done
        }
    }
}

/// `template test`: renders the tests of templates and compares the files byte for byte.
struct TemplateTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Render a template's own tests and compare the files.",
        discussion: """
            A test is a folder tests/NAME with transactions.json, parameters.yaml, lookups/NAME.csv, \
            invoice.yaml (the invoice section of an export) and expected/ with the exact files.

            Examples:
              occ-export template test templates/*
              occ-export template test --record templates/accountant-csv
            """
    )

    @OptionGroup var output: OutputOptions

    @Argument(help: "Template folders.")
    var templates: [String]

    @Flag(help: "Write what is rendered as expected; differences still count as failures.")
    var record = false

    private struct Report: Encodable {
        let passed: Int
        let differences: [String]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            var passed = 0
            var differences: [String] = []
            for folder in templates {
                let tests = try TemplateTest.all(in: folder)
                if tests.isEmpty { differences.append("\(folder): has no tests") }
                for test in tests {
                    let found = try test.differences(recording: record)
                    if found.isEmpty { passed += 1 }
                    differences += found
                }
            }
            try console.result(Report(passed: passed, differences: differences)) {
                (differences + ["\(passed) tests passed, \(differences.count) differences"])
                    .joined(separator: "\n")
            }
            return differences.isEmpty ? .done : .data
        }
    }
}

/// One folder of a template's tests.
struct TemplateTest {
    let template: String
    let folder: String

    /// The day and number that tests are rendered with, so that their files never change.
    private static let created = UTCTimestamp("2026-11-24T03:00:00Z")

    static func all(in template: String) throws -> [TemplateTest] {
        let tests = "\(template)/tests"
        guard FileManager.default.fileExists(atPath: tests) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: tests).sorted().map {
            TemplateTest(template: template, folder: "\(tests)/\($0)")
        }
    }

    func plan() throws -> Plan {
        let parameters = "\(folder)/parameters.yaml"
        let tables = "\(folder)/lookups"
        var lookups: [String] = []
        if FileManager.default.fileExists(atPath: tables) {
            for name in try FileManager.default.contentsOfDirectory(atPath: tables).sorted()
            where name.hasSuffix(".csv") {
                lookups.append("\(name.dropLast(4))=\(tables)/\(name)")
            }
        }
        return try Rendered.plan(
            template,
            FileManager.default.fileExists(atPath: parameters) ? parameters : nil,
            lookups,
            "Europe/Tallinn",
            invoice: FileManager.default.fileExists(atPath: "\(folder)/invoice.yaml")
                ? "\(folder)/invoice.yaml" : nil
        )
    }

    /// What differs from the expected files, a line a file.
    func differences(recording: Bool) throws -> [String] {
        let plan = try plan()
        let rows = try Rendered.rows(in: "\(folder)/transactions.json", feed: plan.feed)
        guard let created = Self.created else { return [] }
        let batch = BatchContext(
            id: "test",
            number: 42,
            created: created,
            day: created.date
        )
        var notes = rows.rejected.map { "row \($0.position): \($0.reason)" }
        var selector = plan.selector(batch: batch)
        var selected: [SelectedTransaction] = []
        for transaction in rows.transactions {
            switch selector.outcome(of: transaction) {
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
        let (rendering, contents) = try plan.rendered(selected, batch: batch)
        for one in rendering.rejected {
            notes.append("transaction \(one.key) rejected: \(one.reason)")
        }
        for file in rendering.files where file.kind == "xml" {
            _ = try XMLSchemas(file.schemas).check(contents[file.name] ?? [], file: file.name)
        }
        var found = contents
        if !notes.isEmpty { found["NOTES"] = Array((notes.joined(separator: "\n") + "\n").utf8) }
        return try compare(found, recording)
    }

    private func compare(_ found: [String: [UInt8]], _ recording: Bool) throws -> [String] {
        let expectedFolder = "\(folder)/expected"
        var expected: [String: [UInt8]] = [:]
        if FileManager.default.fileExists(atPath: expectedFolder) {
            for name in try FileManager.default.contentsOfDirectory(atPath: expectedFolder) {
                expected[name] = FileManager.default.contents(atPath: "\(expectedFolder)/\(name)")
                    .map(Array.init)
            }
        }
        var differences: [String] = []
        for name in Set(found.keys).union(expected.keys).sorted() {
            guard let new = found[name] else {
                differences.append("\(expectedFolder)/\(name): is not rendered any more")
                if recording {
                    try FileManager.default.removeItem(atPath: "\(expectedFolder)/\(name)")
                }
                continue
            }
            guard let old = expected[name] else {
                differences.append("\(expectedFolder)/\(name): is new")
                if recording { try write(new, name, expectedFolder) }
                continue
            }
            if old != new {
                differences.append("\(expectedFolder)/\(name): \(Self.firstDifference(old, new))")
                if recording { try write(new, name, expectedFolder) }
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

    private static func firstDifference(_ old: [UInt8], _ new: [UInt8]) -> String {
        let oldLines = old.split(separator: 0x0A, omittingEmptySubsequences: false)
        let newLines = new.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, (one, two)) in zip(oldLines, newLines).enumerated() where one != two {
            return "line \(index + 1) differs\n- \(String(decoding: one, as: UTF8.self))\n"
                + "+ \(String(decoding: two, as: UTF8.self))"
        }
        return "has \(newLines.count) lines, expected are \(oldLines.count)"
    }
}
