import Foundation
import TestSupport
import Testing

/// docs/templates.md: its commands are run, its templates checked and rendered, its files compared.
///
/// `RECORD_DOCS=1` writes what is found into the page and fails, so that the difference is read.
struct `The guide to templates` {
    private static let path = "\(Checkout.path)/docs/templates.md"
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_DOCS"] == "1"

    /// A fenced block: what stands behind its backticks, and its lines.
    private struct Block {
        let info: String
        var body: String

        /// The word behind `key=`.
        func value(_ key: String) -> String? {
            info.split(separator: " ").first { $0.hasPrefix("\(key)=") }
                .map { String($0.dropFirst(key.count + 1)) }
        }

        func has(_ word: String) -> Bool { info.split(separator: " ").contains { $0 == word } }
    }

    /// The page cut at its fences: text outside and blocks in turn.
    private static func parts() throws -> (texts: [String], blocks: [Block]) {
        var texts = [""]
        var blocks: [Block] = []
        var open: Block?
        for line in try String(contentsOfFile: path, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(block)
                    texts.append("")
                    open = nil
                } else {
                    open = Block(info: String(line.dropFirst(3)), body: "")
                }
            } else if open != nil {
                open?.body += line + "\n"
            } else {
                texts[texts.count - 1] += line + "\n"
            }
        }
        return (texts, blocks)
    }

    @Test(.tags(.golden)) func `has examples that run as they stand`() async throws {
        try await withTemporaryDirectory { folder in
            let (texts, blocks) = try Self.parts()
            let guide = Guide(folder: folder)
            // Files that examples use may stand behind them.
            for block in blocks where !block.info.hasPrefix("text") {
                if let name = block.value("file") { try guide.write(name, block.body) }
            }
            var found: [Block] = []
            var counts = (templates: 0, files: 0, commands: 0)
            for block in blocks {
                var block = block
                if block.has("template") || block.has("check") {
                    counts.templates += 1
                    try guide.template(
                        block.body,
                        isRendered: block.has("template"),
                        hasNotes: block.has("notes")
                    )
                } else if block.info.hasPrefix("console") {
                    counts.commands += 1
                    block.body = try guide.console(block.body)
                } else if block.info.hasPrefix("text"), let name = block.value("file") {
                    counts.files += 1
                    block.body = try guide.rendered(name)
                }
                found.append(block)
            }
            #expect(counts.templates > 15 && counts.files > 15 && counts.commands > 3)
            for (old, new) in zip(blocks, found) where old.body != new.body {
                Issue.record(
                    "```\(old.info): is not what comes out:\n\(new.body)\ninstead of:\n\(old.body)"
                )
            }
            guard Self.isRecording else { return }
            var page = ""
            for (index, text) in texts.enumerated() {
                page += text
                if index < found.count {
                    page += "```\(found[index].info)\n\(found[index].body)```\n"
                }
            }
            page.removeLast()
            try page.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
    }

    @Test func `names every key that the schema knows`() throws {
        let page = try String(contentsOfFile: Self.path, encoding: .utf8)
        let schema = try String(
            contentsOfFile: "\(Checkout.path)/docs/template.schema.json",
            encoding: .utf8
        )
        let data = try JSONSerialization.jsonObject(with: Data(schema.utf8))
        for key in Self.keys(in: data).sorted() {
            #expect(
                page.contains("`\(key)`") || page.contains("\(key):"),
                "\(key) is not explained"
            )
        }
    }

    /// The names of all properties of a schema.
    private static func keys(in schema: Any) -> Set<String> {
        var keys: Set<String> = []
        if let object = schema as? [String: Any] {
            if let properties = object["properties"] as? [String: Any] {
                keys.formUnion(properties.keys)
            }
            for value in object.values { keys.formUnion(self.keys(in: value)) }
        } else if let list = schema as? [Any] {
            for value in list { keys.formUnion(self.keys(in: value)) }
        }
        return keys
    }
}

/// A folder in which the guide's examples run.
private final class Guide {
    private let folder: String
    private var count = 0

    init(folder: String) { self.folder = folder }

    func write(_ name: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    /// Checks and renders a template; what it does not say comes from a plain one.
    func template(_ yaml: String, isRendered: Bool, hasNotes: Bool) throws {
        count += 1
        let name = "example\(count)"
        var text = yaml
        if yaml.firstRange(of: "version:") == nil {
            text = "version: 1\ntitle: an example\n" + text
        }
        if yaml.firstRange(of: /(^|\n)format:/) == nil {
            text += """
                format: { kind: delimited, delimiter: ";", absent: "", number: { decimals: 2 },
                  date: { pattern: yyyy-MM-dd } }

                """
        }
        try write("\(name)/template.yaml", text)
        for file in ["skeleton.xml", "shared.yaml"] where text.firstRange(of: file) != nil {
            try copy(file, to: "\(name)/\(file)")
        }
        if text.firstRange(of: "ev-transactions") == nil {
            try copy("rows.json", to: "\(name)/tests/basic/transactions.json")
        }
        for lookup in ["products", "vehicles"]
        where text.firstRange(of: "lookups.\(lookup)(") != nil {
            try copy("lookups/\(lookup).csv", to: "\(name)/tests/basic/lookups/\(lookup).csv")
        }
        let check = try shell("occ-export template check \(name)")
        #expect(check.status == 0, "\(check.error)\n\(yaml)")
        guard isRendered else { return }
        let record = try shell("occ-export template test --record \(name)")
        #expect(record.status == 65, "\(record.output)\(record.error)\n\(yaml)")
        let notes = FileManager.default.fileExists(
            atPath: "\(folder)/\(name)/tests/basic/expected/NOTES"
        )
        #expect(notes == hasNotes, "\(record.output)\n\(yaml)")
    }

    private func copy(_ source: String, to target: String) throws {
        try write(target, try String(contentsOfFile: "\(folder)/\(source)", encoding: .utf8))
    }

    /// What the last template made.
    func rendered(_ name: String) throws -> String {
        let path = "\(folder)/example\(count)/tests/basic/expected/\(name)"
        let data = try #require(FileManager.default.contents(atPath: path), "\(path) is not there")
        return try #require(
            String(data: data, encoding: .utf8) ?? String(data: data, encoding: .isoLatin1)
        )
    }

    /// Runs the commands of a block and gives it back with what they say.
    func console(_ body: String) throws -> String {
        var lines: [String] = []
        for line in body.split(separator: "\n") where line.hasPrefix("$ ") {
            lines.append(String(line))
            let result = try shell(String(line.dropFirst(2)))
            var text = (result.output + result.error)
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            while text.last == "" { text.removeLast() }
            lines += text
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func shell(_ command: String) throws -> ProgramResult {
        let program = Checkout.program("occ-export")
        let programs = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        return try run(
            "/bin/sh",
            ["-c", command],
            environment: ["PATH": "\(programs):/usr/bin:/bin", "COLUMNS": "100"],
            in: folder
        )
    }
}
