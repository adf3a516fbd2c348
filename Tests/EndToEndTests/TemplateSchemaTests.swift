import Foundation
import TestSupport
import Testing

/// docs/template.schema.json: the program prints it, it takes every template that the program takes, and
/// it knows the keys that the reader knows.
struct `The schema of template.yaml` {
    private static let file = "\(Checkout.path)/docs/template.schema.json"

    /// Whether python3 has what judges a schema independently.
    private static let hasJudge =
        (try? run("/usr/bin/python3", ["-c", "import jsonschema, yaml"]))?.status == 0

    @Test func `is printed as the file has it`() throws {
        let result = try run(Checkout.program("occ-export"), ["template", "schema"])
        #expect(result.status == 0)
        let expected = try String(contentsOfFile: Self.file, encoding: .utf8)
        #expect(result.output == expected)
    }

    @Test(.enabled(if: hasJudge, "python3 with jsonschema and yaml is not installed"))
    func `takes every template, and no unknown key`() throws {
        let script = """
            import glob, json, sys, yaml, jsonschema
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            judge = jsonschema.Draft202012Validator(schema)
            count = 0
            for root in sys.argv[2:]:
                for path in sorted(glob.glob(root + "/*/template.yaml")):
                    text = open(path).read()
                    # As editors read it, and as the program does: every scalar a text.
                    for loader in (yaml.SafeLoader, yaml.BaseLoader):
                        for document in yaml.load_all(text, loader):
                            if loader is yaml.SafeLoader:
                                document = json.loads(json.dumps(document, default=str))
                            for error in judge.iter_errors(document):
                                print(path, list(error.absolute_path), error.message[:200])
                    document = yaml.load(text, yaml.BaseLoader)
                    # The form says what each place may hold: a key that nobody knows is refused.
                    places = [document, document.get("format"), (document.get("files") or [None])[0]]
                    places += (places[-1] or {}).get("records") or []
                    for place in [p for p in places if isinstance(p, dict)]:
                        place["qqqqqqqq"] = "1"
                        if not list(judge.iter_errors(document)): print(path, "takes an unknown key")
                        del place["qqqqqqqq"]
                    count += 1
            print("templates:", count)
            """
        let result = try run(
            "/usr/bin/python3",
            [
                "-c", script, Self.file, "\(Checkout.path)/templates",
                "\(Checkout.path)/Tests/TemplatesTests/Worked",
            ]
        )
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 1, "\(result.output)\(result.error)")
        let count = lines.last?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        #expect(count >= 5)
    }

    /// A place of a template with a key that nobody knows: the reader answers with those it knows.
    struct Place: CustomTestStringConvertible {
        let testDescription: String
        let yaml: String
        let schema: [String]
    }

    private static let node = "files: [{ name: x.csv, records: [{ fields: [{ text: x }] }] }]"
    private static let format = "format: { kind: delimited }"

    static let places = [
        Place(testDescription: "template", yaml: "qqqqqqqq: 1\n\(format)\n\(node)", schema: []),
        Place(
            testDescription: "documents",
            yaml: "documents: { qqqqqqqq: 1 }\n\(format)\n\(node)",
            schema: ["properties", "documents"]
        ),
        Place(
            testDescription: "lookup",
            yaml: "lookups: { x: { qqqqqqqq: 1 } }\n\(format)\n\(node)",
            schema: ["properties", "lookups", "additionalProperties"]
        ),
        Place(
            testDescription: "layout",
            yaml: "layouts: { x: { qqqqqqqq: 1 } }\n\(format)\n\(node)",
            schema: ["properties", "layouts", "additionalProperties"]
        ),
        Place(
            testDescription: "package",
            yaml: "package: { qqqqqqqq: 1 }\n\(format)\n\(node)",
            schema: ["properties", "package"]
        ),
        Place(
            testDescription: "format",
            yaml: "format: { qqqqqqqq: 1 }\n\(node)",
            schema: ["$defs", "format"]
        ),
        Place(
            testDescription: "format.text",
            yaml: "format: { kind: text, text: { qqqqqqqq: 1 } }\n\(node)",
            schema: ["$defs", "format", "properties", "text"]
        ),
        Place(
            testDescription: "format.date",
            yaml: "format: { kind: text, date: { qqqqqqqq: 1 } }\n\(node)",
            schema: ["$defs", "format", "properties", "date"]
        ),
        Place(
            testDescription: "format.number",
            yaml: "format: { kind: text, number: { qqqqqqqq: 1 } }\n\(node)",
            schema: ["$defs", "format", "properties", "number"]
        ),
        Place(
            testDescription: "file",
            yaml: "\(format)\nfiles: [{ qqqqqqqq: 1 }]",
            schema: ["$defs", "file"]
        ),
        Place(
            testDescription: "node",
            yaml: "\(format)\nfiles: [{ name: x, records: [{ qqqqqqqq: 1 }] }]",
            schema: ["$defs", "node"]
        ),
        Place(
            testDescription: "field",
            yaml: "\(format)\nfiles: [{ name: x, records: [{ fields: [{ qqqqqqqq: 1 }] }] }]",
            schema: ["$defs", "field"]
        ),
        Place(
            testDescription: "check",
            yaml: "\(format)\nfiles: [{ name: x, fields: [{}], checks: [{ qqqqqqqq: 1 }] }]",
            schema: ["$defs", "checks", "items"]
        ),
        Place(
            testDescription: "control total",
            yaml:
                "\(format)\nfiles: [{ name: x, fields: [{}], control_totals: { x: { qqqqqqqq: 1 } } }]",
            schema: ["$defs", "file", "properties", "control_totals", "additionalProperties"]
        ),
    ]

    @Test(arguments: places)
    func `has the keys that the reader knows`(_ place: Place) async throws {
        try await withTemporaryDirectory { folder in
            try "version: 1\ntitle: x\n\(place.yaml)\n"
                .write(toFile: "\(folder)/template.yaml", atomically: true, encoding: .utf8)
            let result = try run(Checkout.program("occ-export"), ["template", "check", folder])
            #expect(result.status == 78)
            let line = result.error.split(separator: "\n").first { $0.contains("known are ") }
            let list = try #require(line?.split(separator: "known are ").last)
            let known = Set(
                list.split(separator: ",").map {
                    $0.trimmingCharacters(in: .whitespacesAndNewlines)
                }
            )
            var path = place.schema
            let data = try Data(contentsOf: URL(fileURLWithPath: Self.file))
            var node: Any = try JSONSerialization.jsonObject(with: data)
            while !path.isEmpty { node = (node as? [String: Any])?[path.removeFirst()] ?? [:] }
            let properties = (node as? [String: Any])?["properties"] as? [String: Any] ?? [:]
            #expect(Set(properties.keys) == known)
        }
    }
}
