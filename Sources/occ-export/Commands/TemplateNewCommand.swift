internal import ArgumentParser
internal import Foundation
internal import Templates
internal import Transactions

/// `template new`: a template's folder to begin with.
struct TemplateNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Begin a template: from an example file, another template, or a starter.",
        discussion: """
            --infer reads a file as the target system wants it and guesses delimiter, encoding, \
            header, widths, decimal mark, dates and which field each column is. Each guess stands as \
            a comment with its reason; what is not known is marked 'open'. Two or three examples \
            tell more than one: --infer may be given several times.

            Written are template.yaml, README.md and a first test with made-up rows and the files \
            they become. Nothing is ever overwritten.

            Examples:
              occ-export template new erp --infer may.csv --infer june.csv
              occ-export template new ev-list --starter json --feed ev-transactions
              occ-export template new our-csv --from templates/accountant-csv

            Exit status: 0; 64 the folder is there already; 78 an example is not understood, or \
            what was written does not hold.
            """
    )

    @OptionGroup var output: OutputOptions

    @Argument(help: "The new template's folder; its name is the template's.")
    var folder: String

    @Option(help: "A template to copy, tests included.")
    var from: String?

    @Option(help: "A starter with every usual key explained: csv, fixed, xml, text or json.")
    var starter: String?

    @Option(help: "An example file to guess from; may be given several times.")
    var infer: [String] = []

    @Option(help: "The feed: contract-transactions, bonuscard-transactions or ev-transactions.")
    var feed: String?

    func validate() throws {
        let ways = [from != nil, starter != nil, !infer.isEmpty].count { $0 }
        guard ways == 1 else {
            throw ValidationError("give one of --infer FILE, --starter KIND, --from TEMPLATE")
        }
        if let starter, Starter(rawValue: starter) == nil {
            let kinds = Starter.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no starter '\(starter)'; one of \(kinds)")
        }
        if let feed, Feed(rawValue: feed) == nil {
            let feeds = Feed.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no feed '\(feed)'; one of \(feeds)")
        }
        if from != nil, feed != nil {
            throw ValidationError("--feed does not go with --from: a copy keeps its feed")
        }
    }

    private struct Report: Encodable {
        struct Told: Encodable {
            let what: String
            let value: String
            let reason: String
        }
        let folder: String
        let files: [String]
        let guesses: [Told]
        let open: Int
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let folder = try requireNew(self.folder)
            var guesses: [Guess] = []
            if let from {
                try copy(from, to: folder)
            } else {
                let template = try made(
                    named: folder.split(separator: "/").last.map(String.init) ?? folder
                )
                guesses = template.guesses
                for file in template.files { try write(file.text, "\(folder)/\(file.name)") }
            }
            // What was written is proven at once, and its files are recorded.
            for test in try TemplateTest.all(in: folder) {
                _ = try test.differences(recording: true)
            }
            let files =
                (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
                .filter { $0.contains(".") || $0.hasSuffix(TemplateTest.notes) }.sorted()
            let open = guesses.filter(\.isOpen)
            let report = Report(
                folder: folder,
                files: files,
                guesses: guesses.map { .init(what: $0.what, value: $0.value, reason: $0.reason) },
                open: open.count
            )
            try console.result(report) {
                var lines: [String] = []
                if !guesses.isEmpty {
                    lines +=
                        TemplateTable(
                            headings: ["what", "taken for", "because"],
                            rows: guesses.map {
                                [$0.what, $0.isOpen ? "open" : Self.shown($0.value), $0.reason]
                            },
                            width: TemplateTable.terminalWidth()
                        ).lines
                }
                lines += files.map { "wrote \(folder)/\($0)" }
                if !open.isEmpty {
                    lines.append("\(open.count) open: look for 'open' in \(folder)")
                }
                lines.append("next: occ-export template preview \(folder)")
                return lines.joined(separator: "\n")
            }
            return .done
        }
    }

    private static func shown(_ value: String) -> String {
        value == "\t" ? "tab" : value
    }

    private func requireNew(_ path: String) throws -> String {
        var folder = path
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw ValidationError(
                "\(folder): is there already and stays as it is; choose another name"
            )
        }
        return folder
    }

    private func made(named name: String) throws -> StarterTemplate {
        let feed = feed.flatMap(Feed.init(rawValue:))
        if let starter = starter.flatMap(Starter.init(rawValue:)) {
            return starter.template(named: name, feed: feed ?? .contractTransactions)
        }
        let examples = try infer.map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw DataError("\(path): cannot be read; is it there, and may this user read it?")
            }
            guard data.count <= 16 << 20 else {
                throw DataError("\(path): is larger than 16 MiB; a few records tell as much")
            }
            return StarterTemplate.Example(
                name: path.split(separator: "/").last.map(String.init) ?? path,
                bytes: Array(data)
            )
        }
        return try StarterTemplate(inferring: examples, name: name, feed: feed)
    }

    private func copy(_ template: String, to folder: String) throws {
        // Read first, so that what cannot be copied leaves nothing behind.
        let read = try Template(folder: template)
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: template, toPath: folder)
        // What it extends stands beside it there too; one that is there already stays as it is.
        for folder in read.folders.dropFirst() {
            let base = URL(fileURLWithPath: folder)
            let path = parent.appendingPathComponent(base.lastPathComponent).path
            if !FileManager.default.fileExists(atPath: path) {
                try FileManager.default.copyItem(atPath: base.path, toPath: path)
            }
        }
        let readMe = "\(folder)/README.md"
        if !FileManager.default.fileExists(atPath: readMe) {
            try write(
                "# \(folder.split(separator: "/").last ?? "")\n\nMade of \(template).\n",
                readMe
            )
        }
    }

    private func write(_ text: String, _ path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url, options: .withoutOverwriting)
    }
}
