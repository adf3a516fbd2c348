import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// Templates, tables and schemas that are written to do harm (reliability, sections 6.5 and 6.6).
struct `Hostile templates` {
    private func refusal(_ yaml: String) -> String {
        do throws(Diagnostic) {
            _ = try YAMLReader.read(text: yaml, file: "template.yaml")
            return "taken"
        } catch {
            return error.name
        }
    }

    private static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    /// Ten levels of nine aliases: 10^9 leaves from 300 bytes.
    private static let bomb: String = {
        var text = "a0: &a0 [x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [" + repeated("*a\(level - 1), ", 9) + "1]\n"
        }
        return text
    }()

    private static let growing: [(String, String)] = [
        (bomb, "anchor"),
        ("a: &x [*x]", "yaml"), ("a: &x 1\nb: *x", "anchor"), ("a: *none", "yaml"),
        ("<<: { a: 1 }\na: *x", "yaml"),
        (repeated("[", 10_000), "yaml"), (repeated("- ", 50_000) + "a", "yaml"),
        (repeated("[", 400) + repeated("]", 400), "too-deep"),
        ("? " + repeated("k", 400_000) + "\n: [" + repeated("a,", 90_000) + "]", "too-deep"),
        ("[" + repeated("a,", 110_000) + "]", "too-long"),
        (repeated("{a: ", 10_000), "yaml"),
        ("a: 1\na: 2", "yaml"), ("a: 1\n\"a\": 2", "yaml"),
        ("a: !local x", "yaml"), ("[!!binary aGk=]", "yaml"), ("[!!int y]", "yaml"),
        ("[!<tag:yaml.org,2002:python/object/apply:os.system> x]", "yaml"),
        ("a: \u{0}", "yaml"), ("%YAML 9.9\n---\na: 1", "yaml"), ("a: 1\n---\nb: 2", "yaml"),
        ("", "empty"),
    ]

    @Test(arguments: growing)
    func `YAML that grows, nests or hides something is refused`(_ yaml: String, _ name: String) {
        #expect(refusal(yaml) == name)
    }

    @Test func `YAML values are the texts that are written`() throws {
        let node = try YAMLReader.read(
            text: "[no, 017, 00123, 1:30, 2026-11-25, 0x1F, 1e3, ~, null, .inf, yes]",
            file: "x"
        )
        #expect(
            try node.elements().map { try $0.text() }
                == [
                    "no", "017", "00123", "1:30", "2026-11-25", "0x1F", "1e3", "~", "null", ".inf",
                    "yes",
                ]
        )
    }

    @Test func `what is no regular file, or too large, is refused unread`() async throws {
        try await withTemporaryDirectory { folder in
            #expect(throws: Diagnostic.self) { try YAMLReader.read(file: "/dev/zero") }
            #expect(throws: Diagnostic.self) { try YAMLReader.read(file: folder) }
            // Reading a pipe would wait for a writer for ever.
            let made = try run("/usr/bin/mkfifo", ["\(folder)/pipe"])
            #expect(made.status == 0)
            let pipe = #expect(throws: Diagnostic.self) {
                try YAMLReader.read(file: "\(folder)/pipe")
            }
            #expect(pipe?.name == "unreadable")
            let grown = try run("/usr/bin/truncate", ["-s", "100G", "\(folder)/large"])
            #expect(grown.status == 0)
            let large = #expect(throws: Diagnostic.self) {
                try YAMLReader.read(file: "\(folder)/large")
            }
            #expect(large?.name == "too-long")
        }
    }

    // MARK: Files a template names

    private func plan(_ head: String, _ body: String, in folder: String) throws -> Plan {
        try TemplateHarness.plan("version: 1\ntitle: a test\n\(head)\n\(body)", in: folder)
    }

    @Test(arguments: [
        "../secret.xml", "/etc/passwd", "sub/../../secret.xml", ".hidden.xml", "..", "a\\b.xml",
        "http://127.0.0.1/x.xml", "link.xml", "${transactionId}.xml",
    ])
    func `no file outside of the template's folder is read`(_ name: String) async throws {
        try await withTemporaryDirectory { folder in
            try Data("<a/>".utf8).write(to: URL(fileURLWithPath: "\(folder)/secret.xml"))
            try FileManager.default.createDirectory(
                atPath: "\(folder)/all/t",
                withIntermediateDirectories: true
            )
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/all/t/link.xml",
                withDestinationPath: "\(folder)/secret.xml"
            )
            for (head, body) in [
                ("format: { kind: xml }", "files: [{ name: x.xml, skeleton: \"\(name)\" }]"),
                (
                    "format: { kind: delimited }\nfragments: [\"\(name)\"]",
                    "files: [{ name: x.csv, for_each: transactions, fields: [{ name: a, value: currency }] }]"
                ),
            ] {
                let error = #expect(throws: Diagnostic.self) {
                    try plan(head, body, in: "\(folder)/all")
                }
                #expect(error?.name == "file-name", "\(error?.oneLine ?? "taken")")
            }
        }
    }

    // MARK: XML

    /// Ten to the twelfth letters from some hundred bytes.
    private static let entities: String = {
        var text = "<!DOCTYPE a [<!ENTITY a0 \"x\">"
        for level in 1...12 {
            text += "<!ENTITY a\(level) \"\(repeated("&a\(level - 1);", 10))\">"
        }
        return text + "]><a>&a12;</a>"
    }()

    private static let broken: [(String, String)] = [
        ("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "DOCTYPE"),
        ("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\"><a/>", "DOCTYPE"),
        (entities, ""),
        ("<a>&x;</a>", "Entity 'x' not defined"),
        (repeated("<a>", 300) + repeated("</a>", 300), "depth"),
        ("<a b='1' b='2'/>", "Attribute b redefined"), ("<a>\u{1}</a>", ""), ("<a", ""), ("", ""),
        ("<a/><b/>", ""), ("<a xmlns:x='u' x:b='1' xmlns:y='u' y:b='2'/>", ""),
    ]

    @Test(arguments: broken)
    func `XML with an entity, a DOCTYPE or without end is refused`(_ xml: String, _ says: String)
        async throws
    {
        try await withTemporaryDirectory { folder in
            let error = #expect(throws: Diagnostic.self) {
                try TemplateHarness.plan(
                    "version: 1\ntitle: t\nformat: { kind: xml }\nfiles: [{ name: x.xml, skeleton: s.xml }]",
                    files: ["s.xml": xml],
                    in: folder
                )
            }
            #expect(error?.name == "xml")
            #expect(
                error?.message.contains(says) == true || says.isEmpty,
                "\(error?.message ?? "")"
            )
        }
    }

    @Test func `XInclude is an element like any other`() async throws {
        let text = """
            <a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></a>
            """
        let outcome = try await withTemporaryDirectory { folder in
            try TemplateHarness.render(
                try TemplateHarness.plan(
                    "version: 1\ntitle: t\nformat: { kind: xml }\nfiles: [{ name: x.xml, skeleton: s.xml }]",
                    files: ["s.xml": text],
                    in: folder
                ),
                []
            )
        }
        #expect(outcome.text("x.xml").contains("<xi:include href=\"/etc/passwd\" parse=\"text\"/>"))
        #expect(!outcome.text("x.xml").contains("root:"))
    }

    @Test(arguments: ["xs:include", "xs:import namespace=\"urn:b\"", "xs:redefine"])
    func `a schema opens no socket and no file of another folder`(_ element: String) async throws {
        try await withTemporaryDirectory { folder in
            let listener = try LoopbackListener(waits: false)
            let inner = "\(folder)/t"
            try FileManager.default.createDirectory(
                atPath: inner,
                withIntermediateDirectories: false
            )
            func schema(_ place: String) -> String {
                """
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><\(element) schemaLocation="\(place)"/>
                <xs:element name="a" type="b"/></xs:schema>
                """
            }
            let other = """
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
                <xs:simpleType name="b"><xs:restriction base="xs:string"/></xs:simpleType></xs:schema>
                """
            try other.write(toFile: "\(folder)/outside.xsd", atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: "\(inner)/link.xsd",
                withDestinationPath: "\(folder)/outside.xsd"
            )
            for place in [
                "http://127.0.0.1:\(listener.port)/b.xsd", "ftp://127.0.0.1:\(listener.port)/b.xsd",
                "../outside.xsd", "\(folder)/outside.xsd", "file://\(folder)/outside.xsd",
                "link.xsd",
            ] {
                try schema(place).write(
                    toFile: "\(inner)/a.xsd",
                    atomically: true,
                    encoding: .utf8
                )
                let error = #expect(throws: Diagnostic.self, "\(place)") {
                    _ = try XMLSchemas(["\(inner)/a.xsd"])
                }
                #expect(error?.name == "schema")
            }
            #expect(!listener.wasAsked)
        }
    }

    // MARK: Tables

    private func lookup(_ table: String, _ form: String) async throws -> Diagnostic? {
        try await withTemporaryDirectory { folder in
            let yaml = """
                version: 1
                title: t
                lookups: { codes: { columns: \(form), missing: none } }
                derive: { x: "lookups.codes(cardNumber\(form.contains("valid") ? ", date(transactionTime)" : "")).?b.orValue('')" }
                format: { kind: delimited }
                files: [{ name: x.csv, for_each: transactions, fields: [{ name: a, value: x }] }]
                """
            return #expect(throws: Diagnostic.self) {
                try TemplateHarness.plan(yaml, files: ["lookups/codes.csv": table], in: folder)
            }
        }
    }

    @Test func `a table of a million rows, a thousand cells or one key is refused by name`()
        async throws
    {
        let form = "{ a: string, b: string }, key: [a]"
        let rows = try await lookup(
            "a,b\n" + (0..<1_000_000).map { "\($0),x\n" }.joined(),
            form
        )
        #expect(rows?.name == "too-long")
        #expect(rows?.message == "has more than 250000 rows")
        let cells = try await lookup("a,b" + Self.repeated(",", 1_001) + "\n", form)
        #expect(cells?.message == "a line has more than 1000 cells")
        let dated = try await lookup(
            "a,b,f,t\n" + Self.repeated("1,x,2026-01-01,2025-01-01\n", 1_002),
            "{ a: string, b: string, f: optional date, t: optional date }, key: [a], valid: [f, t]"
        )
        #expect(
            dated?.name == "too-long" || dated?.name == "doubled-key",
            "\(dated?.oneLine ?? "")"
        )
        let bytes = try await lookup("a,b\n1," + Self.repeated("x", 33 << 20) + "\n", form)
        #expect(bytes?.message == "is larger than 32 MiB")
    }
}
