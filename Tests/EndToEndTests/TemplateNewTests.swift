import Foundation
import TestSupport
import Testing

/// `template new --infer` on the files of every shipped template: what it guesses is what the template
/// says, and what it writes makes the same columns.
struct `A template inferred from an example` {
    /// What `template new --output json` tells.
    struct Report: Decodable {
        struct Guess: Decodable {
            let what: String
            let value: String
        }
        let guesses: [Guess]

        func value(_ what: String) -> String? { guesses.first { $0.what == what }?.value }
    }

    /// The files of one test of a shipped template.
    struct Golden: CustomTestStringConvertible {
        let template: String
        let test: String
        let files: [String]
        /// The template's own text, from which the truth is read.
        let yaml: String

        var testDescription: String { "\(template)/tests/\(test)" }
        var folder: String { "\(Checkout.path)/templates/\(template)/tests/\(test)" }

        /// The first value of a key in template.yaml, in block or flow style.
        func truth(_ key: String) -> String? {
            guard let place = yaml.firstRange(of: "\(key):") else { return nil }
            let rest = yaml[place.upperBound...].drop { $0 == " " }
            if let quote = rest.first, quote == "\"" || quote == "'" {
                return String(rest.dropFirst().prefix { $0 != quote })
            }
            return String(rest.prefix { !",}\n#".contains($0) })
                .trimmingCharacters(in: .whitespaces)
        }

        /// Whether rows become lines one to one, so that what is guessed can be compared cell by cell.
        var isComparable: Bool {
            ["accountant-csv", "bonuscard-csv", "ev-csv", "general-ledger-fixed"].contains(template)
                && test == "basic"
        }
    }

    /// The file to learn from, where a template writes files of several kinds: by its ending.
    private static let learnedFrom = ["csv-machine": ".csv", "kmd-inf-b": ".xml"]

    /// What cannot be seen in an example, and what is written instead: the comments say that it is a guess.
    private static let unseen: [String: [String: String]] = [
        // Amounts without a mark and days of six digits are numbers like others.
        "quadracompta": ["decimal_mark": ".", "date_pattern": "yyyy-MM-dd"],
        // The mark is its other file's, the annex in CSV.
        "kmd-inf-b": ["byte_order_mark": "false"],
        // Records of four kinds with columns of their own are lines of text, and 10/11 is a day either way.
        "quickbooks-iif": ["kind": "text", "date_pattern": "dd/MM/yyyy"],
    ]

    /// Templates whose header row is a record of fixed texts.
    private static let headedByTexts: Set<String> = ["tryton-move", "xero-bills"]

    static let goldens: [Golden] = {
        let root = "\(Checkout.path)/templates"
        let manager = FileManager.default
        var goldens: [Golden] = []
        for template in (try? manager.contentsOfDirectory(atPath: root).sorted()) ?? [] {
            let yaml =
                (try? String(contentsOfFile: "\(root)/\(template)/template.yaml", encoding: .utf8))
                ?? ""
            // Templates of several files would need one template for each.
            guard yaml.firstRange(of: "package:") == nil, yaml.firstRange(of: "kind:") != nil else {
                continue
            }
            let tests = "\(root)/\(template)/tests"
            // One month is enough of each: the others differ in rows, not in form.
            let names = (try? manager.contentsOfDirectory(atPath: tests).sorted()) ?? []
            let usual = names.filter { ["basic", "ordinary"].contains($0) }
            for test in usual.isEmpty ? Array(names.prefix(1)) : usual {
                let expected = "\(tests)/\(test)/expected"
                let files = ((try? manager.contentsOfDirectory(atPath: expected)) ?? [])
                    .filter { $0 != "NOTES" && !$0.hasSuffix(".zip") }
                    .filter { $0.hasSuffix(learnedFrom[template] ?? "") }.sorted()
                    .map { "\(expected)/\($0)" }
                if !files.isEmpty {
                    goldens.append(
                        Golden(template: template, test: test, files: files, yaml: yaml)
                    )
                }
            }
        }
        return goldens
    }()

    /// Runs `template new` on a golden's files in a folder of its own.
    private func inferred(_ golden: Golden, in folder: String) throws -> Report {
        var arguments = ["template", "new", "\(folder)/made", "--output", "json"]
        arguments += ["--feed", golden.truth("feed") ?? "contract-transactions"]
        for file in golden.files { arguments += ["--infer", file] }
        let result = try run(Checkout.program("occ-export"), arguments)
        try #require(result.status == 0, "\(result.output)\(result.error)")
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }

    @Test(.tags(.golden), arguments: goldens)
    func `has the form that the shipped template says`(_ golden: Golden) async throws {
        try await withTemporaryDirectory { folder in
            let report = try inferred(golden, in: folder)
            let unseen = Self.unseen[golden.template] ?? [:]
            for (what, value) in unseen { #expect(report.value(what) == value, "\(what)") }
            let kind = try #require(unseen["kind"] ?? golden.truth("kind"))
            #expect(report.value("kind") == kind)
            let truth = golden.truth("encoding") ?? "utf-8"
            let guess = try #require(report.value("encoding"))
            #expect(try Self.reads(golden.files, guess, like: truth), "\(guess), not \(truth)")
            #expect(
                report.value("byte_order_mark")
                    == unseen["byte_order_mark"] ?? golden.truth("byte_order_mark") ?? "false"
            )
            if kind != "xml" {
                #expect(report.value("line_end") == golden.truth("line_end") ?? "lf")
            }
            if kind == "delimited" {
                #expect(report.value("delimiter") == golden.truth("delimiter") ?? ",")
                let hasHeader =
                    golden.yaml.firstRange(of: "names_of:") != nil
                    || Self.headedByTexts.contains(golden.template)
                #expect(report.value("header") == (hasHeader ? "yes" : "no"))
            }
            if kind == "delimited" || kind == "fixed_width" {
                let mark = unseen["decimal_mark"] ?? golden.truth("decimal_mark") ?? "."
                #expect(report.value("decimal_mark") == mark)
                let patterns =
                    Self.datePatterns(golden) + (unseen["date_pattern"].map { [$0] } ?? [])
                #expect(patterns.contains(report.value("date_pattern") ?? ""), "\(patterns)")
            }
            let lengths = golden.yaml.matches(of: /record_length:/).count
            if kind == "fixed_width", lengths == 1, let length = golden.truth("record_length") {
                #expect(report.value("record_length") == length)
            }
        }
    }

    @Test(.tags(.golden), arguments: goldens)
    func `passes check and its own test, and writes the golden's columns`(_ golden: Golden)
        async throws
    {
        try await withTemporaryDirectory { folder in
            _ = try inferred(golden, in: folder)
            let program = Checkout.program("occ-export")
            let check = try run(program, ["template", "check", "\(folder)/made"])
            #expect(check.status == 0, "\(check.error)")
            let test = try run(program, ["template", "test", "\(folder)/made"])
            #expect(test.status == 0, "\(test.output)\(test.error)")
            let rendered = try run(
                program,
                [
                    "render", "--template", "\(folder)/made", "--output-folder", "\(folder)/out",
                    "\(golden.folder)/transactions.json",
                ],
                environment: ["OCC_EXPORT_NOW": Partner.now]
            )
            #expect([0, 3].contains(rendered.status), "\(rendered.output)\(rendered.error)")
            let made = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out").sorted()
                .filter { $0 != "manifest.json" && $0 != "SHA256SUMS" }
                .flatMap { try Self.lines("\(folder)/out/\($0)") }
            let golds = try golden.files.flatMap(Self.lines)
            try #require(!made.isEmpty)
            switch Self.unseen[golden.template]?["kind"] ?? golden.truth("kind") {
            case "delimited":
                let delimiter = golden.truth("delimiter") ?? ","
                let counts = Set(golds.map { Self.cells($0, delimiter).count })
                #expect(made.allSatisfy { counts.contains(Self.cells($0, delimiter).count) })
                if golden.yaml.firstRange(of: "names_of:") != nil {
                    // A title above it stands as it is; the headings are the golden's.
                    #expect(golds.contains(made[0]))
                }
                if golden.isComparable {
                    let open = Self.share(made, golds) { Self.cells($0, delimiter) }
                    #expect(open == 0, "\(open) cells are not the golden's")
                }
            case "fixed_width":
                let lengths = Set(golds.map(\.count))
                #expect(made.allSatisfy { lengths.contains($0.count) })
                if golden.isComparable {
                    for line in made {
                        #expect(golds.contains { Self.covers(line, $0) }, "'\(line)'")
                    }
                }
            case "xml":
                // Invoices and credit notes are documents of two kinds, examples are of one.
                #expect(Self.names(made).isSubset(of: Self.names(golds)))
                if golden.yaml.firstRange(of: "model:") == nil {
                    #expect(Self.names(made) == Self.names(golds))
                }
            default: break
            }
        }
    }

    @Test func `is never written over what is there`() async throws {
        try await withTemporaryDirectory { folder in
            let golden = try #require(Self.goldens.first)
            _ = try inferred(golden, in: folder)
            let before = try String(contentsOfFile: "\(folder)/made/template.yaml", encoding: .utf8)
            let result = try run(
                Checkout.program("occ-export"),
                ["template", "new", "\(folder)/made", "--starter", "csv"]
            )
            #expect(result.status == 64)
            #expect(result.error.contains("is there already and stays as it is"))
            #expect(
                try String(contentsOfFile: "\(folder)/made/template.yaml", encoding: .utf8)
                    == before
            )
        }
    }

    @Test(arguments: ["csv", "fixed", "xml", "text", "json"])
    func `is matched by a starter of each kind that holds`(_ kind: String) async throws {
        try await withTemporaryDirectory { folder in
            let program = Checkout.program("occ-export")
            for feed in ["contract-transactions", "bonuscard-transactions", "ev-transactions"] {
                let made = "\(folder)/\(feed)"
                let result = try run(
                    program,
                    ["template", "new", made, "--starter", kind, "--feed", feed]
                )
                #expect(result.status == 0, "\(result.error)")
                let check = try run(program, ["template", "check", "--strict", made])
                #expect(check.status == 0, "\(check.error)")
                let test = try run(program, ["template", "test", made])
                #expect(test.status == 0, "\(test.output)\(test.error)")
            }
        }
    }

    @Test func `may be a copy of another template, tests included`() async throws {
        try await withTemporaryDirectory { folder in
            let program = Checkout.program("occ-export")
            let source = "\(Checkout.path)/templates/general-ledger-fixed"
            let result = try run(program, ["template", "new", "\(folder)/copy", "--from", source])
            #expect(result.status == 0, "\(result.error)")
            let test = try run(program, ["template", "test", "\(folder)/copy"])
            #expect(test.status == 0, "\(test.output)")
        }
    }

    @Test func `takes along what the copied template extends`() async throws {
        try await withTemporaryDirectory { folder in
            let program = Checkout.program("occ-export")
            let source = "\(Checkout.path)/templates/sie-4i-accrual"
            let result = try run(program, ["template", "new", "\(folder)/mine", "--from", source])
            #expect(result.status == 0, "\(result.error)")
            let found = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(found == ["mine", "sie-4i"])
            let test = try run(program, ["template", "test", "\(folder)/mine"])
            #expect(test.status == 0, "\(test.output)")
        }
    }

    // MARK: Comparing

    /// The patterns that stand in the template: its dates' and those of single fields.
    private static func datePatterns(_ golden: Golden) -> [String] {
        golden.yaml.matches(of: /pattern: *("[^"]*"|'[^']*'|[^ ,}#\n]+)/).map { match in
            match.1.trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
        }
    }

    /// Whether both encodings read the same text, by iconv(1).
    private static func reads(_ files: [String], _ guess: String, like truth: String) throws -> Bool
    {
        if guess == truth { return true }
        return try files.allSatisfy { file in
            let texts = try [guess, truth].map { name in
                try run(
                    "/usr/bin/iconv",
                    ["-f", name.replacing("windows-", with: "CP"), "-t", "utf-8", file]
                )
            }
            return texts.allSatisfy { $0.status == 0 } && texts[0].output == texts[1].output
        }
    }

    /// The lines of a file, a byte a character, without ends, empty ones left out.
    private static func lines(_ path: String) throws -> [String] {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let text =
            String(data: data, encoding: .utf8) ?? String(data: data, encoding: .isoLatin1) ?? ""
        return text.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
    }

    /// The cells of a line, quotes minded.
    private static func cells(_ line: String, _ delimiter: String) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if String(character) == delimiter, !isQuoted {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
        }
        return cells
    }

    /// How many cells of lines are neither empty nor those of the golden line most like them.
    private static func share(
        _ made: [String],
        _ golds: [String],
        _ cells: (String) -> [String]
    ) -> Int {
        made.map { line in
            let own = cells(line)
            return golds.map { gold in
                let other = cells(gold)
                guard other.count == own.count else { return own.count }
                return zip(own, other).count { !$0.isEmpty && $0 != $1 }
            }.min() ?? own.count
        }.reduce(0, +)
    }

    /// Whether a fixed-width line is the golden's with some columns left blank, less than half of it.
    private static func covers(_ line: String, _ gold: String) -> Bool {
        guard line.count == gold.count else { return false }
        let pairs = Array(zip(line, gold))
        let missing = pairs.count { $0 == " " && $1 != " " }
        return pairs.allSatisfy { $0 == $1 || $0 == " " }
            && missing * 2 < gold.count { $0 != " " }
    }

    /// The names of elements in lines of XML.
    private static func names(_ lines: [String]) -> Set<String> {
        Set(
            lines.joined(separator: "\n").matches(of: /<([A-Za-z_][\w:.-]*)/).map { String($0.1) }
        )
    }
}
