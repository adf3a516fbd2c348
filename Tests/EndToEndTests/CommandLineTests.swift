internal import Foundation
import TestSupport
import Testing

/// The command line as a newcomer and a script meet it.
struct `The command line` {
    struct Usage: CustomTestStringConvertible, Sendable {
        let arguments: [String]
        let says: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Usage(arguments: ["rnu"], says: "Unexpected argument 'rnu'"),
        Usage(arguments: ["run", "--exprot", "a"], says: "Did you mean '--export'?"),
        Usage(
            arguments: ["run", "--from", "2026-02-30"],
            says: "'2026-02-30' is no day as yyyy-MM-dd"
        ),
        Usage(arguments: ["run", "--export", "nobody"], says: "there is no export 'nobody'"),
        Usage(
            arguments: ["run", "--from", "2026-11-20", "--to", "2026-11-01"],
            says: "there are no days from 2026-11-20 to 2026-11-01; check --from and --to"
        ),
        Usage(
            arguments: ["render", "rows.json"],
            says: "Missing expected argument '--template <template>'"
        ),
    ])
    func `is refused with 64 and the right words`(_ usage: Usage) async throws {
        try await Partner.with { partner in
            let result = try run(
                Checkout.program("occ-export"),
                usage.arguments,
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: partner.folder
            )
            #expect(result.status == 64, "\(result.output)\(result.error)")
            #expect(result.error.contains(usage.says), "\(result.error)")
        }
    }

    @Test func `each command has help with a purpose, and the main ones examples`() throws {
        let program = Checkout.program("occ-export")
        let main = try run(program, ["--help"])
        #expect(main.status == 0)
        #expect(main.output.contains("occ-export run --dry-run"))
        #expect(main.output.contains("Exit status: 0 done"))
        for command in ["run", "render", "init", "doctor", "verify", "status", "contracts"] {
            let help = try run(program, [command, "--help"])
            #expect(help.status == 0)
            #expect(help.output.hasPrefix("OVERVIEW: "), "\(command)")
        }
        for command in [["run"], ["render"], ["bonuscards", "define"], ["template", "test"]] {
            let help = try run(program, command + ["--help"])
            #expect(help.output.contains("Example"), "\(command)")
        }
    }

    @Test func `contracts lists what the access id may see`() async throws {
        try await Partner.with(sandbox: ["--rows", "0", "--contracts", "3"]) { partner in
            #expect(try partner.occExport("contracts").output == "123\n22297\n30051\n")
            let json = try partner.occExport("contracts", "--output", "json")
            let numbers = try JSONDecoder().decode([String].self, from: Data(json.output.utf8))
            #expect(numbers == ["123", "22297", "30051"])
        }
    }

    @Test func `bonus cards are sent whole, and only when that is confirmed`() async throws {
        try await Partner.with { partner in
            try partner.write("regular.txt", "7077400000000001\nJõgeva-0001\n")
            try partner.write("premium.txt", "Õnne-žš-002\n")
            func define(_ arguments: String...) throws -> ProgramResult {
                try run(
                    Checkout.program("occ-export"),
                    [
                        "bonuscards", "define", "--regular", "regular.txt", "--premium",
                        "premium.txt",
                    ]
                        + arguments,
                    environment: ["OCC_EXPORT_NOW": Partner.now],
                    in: partner.folder
                )
            }
            let shown = try define()
            #expect(shown.status == 0, "\(shown.error)")
            #expect(
                shown.output
                    == "2 regular and 1 premium cards would be sent; add --yes to do it\n"
            )
            #expect(try partner.sandbox.control("log") == "[]")
            let sent = try define("--yes")
            #expect(sent.status == 0, "\(sent.error)")
            #expect(sent.output == "2 regular and 1 premium cards sent\n")
            #expect(try partner.sandbox.control("log").contains("DefineBonuscards 200"))
            try partner.write("premium.txt", "7077400000000001\n")
            let doubled = try define("--yes")
            #expect(doubled.status == 65)
            #expect(doubled.error.contains("a card stands in both lists"))
            try partner.write("premium.txt", "")
            let empty = try define("--yes")
            #expect(empty.status == 65)
            #expect(empty.error.contains("--allow-empty"))
        }
    }

    @Test func `render writes a manifest and sums, and nothing where its file is no whole answer`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let program = Checkout.program("occ-export")
            let source = "\(Checkout.path)/samples/api/contract-transactions-22297.json"
            func render(_ file: String, _ out: String) throws -> ProgramResult {
                try run(
                    program,
                    [
                        "render", "--template", "\(Checkout.path)/templates/accountant-csv",
                        "--contract", "22297", "--output-folder", "\(folder)/\(out)", file,
                    ],
                    environment: ["OCC_EXPORT_NOW": Partner.now]
                )
            }
            let result = try render(source, "out")
            #expect([0, 3].contains(result.status), "\(result.output)\(result.error)")
            let sums = try run("/bin/sh", ["-c", "cd \(folder)/out && sha256sum -c SHA256SUMS"])
            #expect(sums.status == 0, "\(sums.output)\(sums.error)")
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/out/manifest.json"))
            let manifest = try #require(
                try JSONSerialization.jsonObject(with: data) as? [String: Any]
            )
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out")
            let resources = try #require(manifest["resources"] as? [[String: Any]])
            #expect(
                Set(resources.compactMap { $0["path"] as? String })
                    == Set(names).subtracting(["manifest.json", "SHA256SUMS"])
            )
            for resource in resources {
                let dialect = try #require(resource["dialect"] as? [String: Any])
                #expect(dialect["delimiter"] as? String == ";")
                #expect(dialect["lineTerminator"] as? String == "\r\n")
                #expect(dialect["header"] as? Bool == true)
                let schema = try #require(resource["schema"] as? [String: [[String: String]]])
                #expect(schema["fields"]?.prefix(2).map { $0["name"] } == ["Kuupäev", "Kell"])
            }
            let totals = try #require(manifest["totals"] as? [String: [String: Any]])
            let counts = totals.values.compactMap { $0["count"] as? Int }
            #expect(counts.reduce(0, +) == manifest["transactions"] as? Int)
            // A second batch does not go beside the first.
            #expect(try render(source, "out").status != 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out") == names)
            let text = try String(contentsOfFile: source, encoding: .utf8)
            try String(text.dropLast(3)).write(
                toFile: "\(folder)/cut.json",
                atomically: true,
                encoding: .utf8
            )
            let cut = try render("\(folder)/cut.json", "cut")
            #expect(cut.status == 65, "\(cut.output)\(cut.error)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cut") == [])
        }
    }

    @Test func `render maps a file without ledger or API, and never overwrites`() async throws {
        try await withTemporaryDirectory { folder in
            let arguments = [
                "render", "--template", "\(Checkout.path)/templates/accountant-csv",
                "--contract", "22297", "--output-folder", "\(folder)/out",
                "\(Checkout.path)/samples/api/contract-transactions-22297.json",
            ]
            let first = try run(Checkout.program("occ-export"), arguments)
            #expect(first.status == 0, "\(first.error)")
            #expect(first.output.contains("alexela_22297_EUR_2026-11_1.csv: "))
            let second = try run(Checkout.program("occ-export"), arguments)
            #expect(second.status == 73, "\(second.error)")
            #expect(second.error.contains("File exists"), "\(second.error)")
        }
    }

    @Test func `render says how many more mistakes a template has`() async throws {
        try await withTemporaryDirectory { folder in
            let template = "\(folder)/wrong"
            try FileManager.default.copyItem(
                atPath: "\(Checkout.path)/templates/accountant-csv",
                toPath: template
            )
            let path = "\(template)/template.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("value: plateNumber", with: "value: plateNumbers")
                .replacing("value: driverName", with: "value: driversName")
                .write(toFile: path, atomically: true, encoding: .utf8)
            let result = try run(
                Checkout.program("occ-export"),
                ["render", "--template", template, "--output-folder", "\(folder)/out", "rows.json"]
            )
            #expect(result.status == 78)
            #expect(
                result.error.hasSuffix("\nand 1 more; 'occ-export template check' names all\n"),
                "\(result.error)"
            )
        }
    }

    @Test func `a template that another extends is part of its hash, wherever both lie`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            func hash(_ place: String, layout: String) throws -> String {
                for name in ["base", "other"] {
                    try FileManager.default.createDirectory(
                        atPath: "\(folder)/\(place)/\(name)",
                        withIntermediateDirectories: true
                    )
                }
                let files = [
                    "base/layout.csv": layout,
                    "base/template.yaml": """
                    version: 1
                    title: Records of a layout
                    format: { kind: fixed_width }
                    layouts: { main: { file: layout.csv } }
                    files:
                      - name: rows.txt
                        records: [{ id: row, for_each: transactions, layout: main, values: { id: transactionId } }]
                    """,
                    "other/template.yaml": "version: 1\ntitle: The same\nextends: base\n",
                ]
                for (name, text) in files {
                    try text.write(
                        toFile: "\(folder)/\(place)/\(name)",
                        atomically: true,
                        encoding: .utf8
                    )
                }
                let out = "\(folder)/\(place)/out"
                let result = try run(
                    Checkout.program("occ-export"),
                    [
                        "render", "--template", "\(folder)/\(place)/other", "--output-folder", out,
                        "\(Checkout.path)/samples/api/contract-transactions-22297.json",
                    ]
                )
                #expect(result.status == 0, "\(result.error)")
                let manifest = try JSONSerialization.jsonObject(
                    with: Data(contentsOf: URL(fileURLWithPath: "\(out)/manifest.json"))
                )
                return try #require((manifest as? [String: Any])?["templateHash"] as? String)
            }
            let wide = "name,width\nid,40\n"
            let first = try hash("a", layout: wide)
            #expect(try hash("b", layout: wide) == first)
            #expect(try hash("c", layout: wide.replacing("40", with: "41")) != first)
        }
    }

    @Test func `init makes a ledger once, and refuses another`() async throws {
        try await Partner.with { partner in
            let second = try partner.occExport("init")
            #expect(second.status == 74, "\(second.output)\(second.error)")
            #expect(second.error.contains("ledger.sqlite"), "\(second.error)")
        }
    }

    @Test func `status tells what is recorded, published and due`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("status").output.contains("last run: none"))
            #expect(try partner.occExport("run").status == 0)
            let result = try partner.occExport("status")
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output.contains("contract-transactions: 1 transactions recorded"))
            #expect(result.output.contains("accountant: 1 batches"))
        }
    }
}
