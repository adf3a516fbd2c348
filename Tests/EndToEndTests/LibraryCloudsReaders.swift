internal import Foundation
import TestSupport
import Testing

/// Programs that others wrote, which read the files of the registers, cloud ledgers and journals.
enum CloudReaders {
    private static let (erpcheck, environment, python) =
        (ERPReaders.erpcheck, ERPReaders.environment, ERPReaders.python)

    /// The tax board's schema of KMD and KMD INF, where somebody has it.
    static let kmdSchema = ProcessInfo.processInfo.environment["OCC_KMD_XSD"] ?? ""

    static let areThere = ERPReaders.areThere
    static let why = Comment(rawValue: ERPReaders.why)
    static let hledgerIsThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/hledger")
    static let whyNoHledger: Comment = "hledger is not installed"
    static let kmdSchemaIsThere = FileManager.default.fileExists(atPath: kmdSchema)
    static let whyNoSchema: Comment = "OCC_KMD_XSD names no file: the schema is not ours to ship"

    /// Whether a reader accepts a file, and what it says.
    static func verdict(_ kind: String, _ file: String, _ options: String...) throws -> (
        accepts: Bool, says: String
    ) {
        var result = try run(erpcheck, [kind, file] + options)
        // skroogeconvert sometimes ends before it has read anything (rc 5) when the machine is busy.
        for _ in 0..<2 where result.output.contains("skroogeconvert rc") {
            result = try run(erpcheck, [kind, file] + options)
        }
        let says = result.output + result.error
        // Anything but a verdict is a reader that broke down.
        guard says.hasPrefix("ACCEPT") || says.hasPrefix("REJECT") else {
            throw ReaderFailure(says: says)
        }
        return (result.status == 0, says)
    }

    /// Runs a script in the readers' Python; what it prints, line by line.
    static func script(_ text: String, _ arguments: [String]) throws -> [String] {
        let result = try run(python, ["-c", text] + arguments)
        guard result.status == 0 else { throw ReaderFailure(says: result.error) }
        return result.output.split(separator: "\n").map(String.init)
    }

    /// Sums of elements by local name, read with lxml, in hundredths.
    static func sums(_ file: String, _ names: String...) throws -> [Int] {
        try script(
            """
            import sys
            from decimal import Decimal
            from lxml import etree
            root = etree.parse(sys.argv[1]).getroot()
            for name in sys.argv[2:]:
                print(sum(int(Decimal(e.text) * 100) for e in root.iter('{*}' + name)))
            """,
            [file] + names
        ).map { Int($0) ?? .min }
    }

    /// Balances by account that hledger reads from a CSV file by rules, in hundredths by account and commodity.
    ///
    /// - Throws: `ReaderFailure` when it cannot read the file or a row does not balance.
    static func balances(_ file: String, rules: String) throws -> [String: Int] {
        let rulesFile = file + ".rules"
        try Data(rules.utf8).write(to: URL(fileURLWithPath: rulesFile))
        let read = ["-f", "csv:\(file)", "--rules-file", rulesFile]
        let result = try run(
            "/usr/bin/hledger",
            read + ["balance", "--flat", "--no-total", "--empty", "-O", "csv"],
            environment: ["LC_ALL": "C.UTF-8"]
        )
        guard result.status == 0 else { throw ReaderFailure(says: result.error) }
        var balances: [String: Int] = [:]
        for line in result.output.split(separator: "\n").dropFirst() {
            let cells = line.split(separator: "\"").map(String.init).filter { $0 != "," }
            guard cells.count == 2 else { throw ReaderFailure(says: String(line)) }
            for amount in cells[1].components(separatedBy: ", ") {
                let digits = amount.filter { $0.isNumber || "-.,".contains($0) }
                let commodity = amount.filter(\.isLetter)
                balances[cells[0] + (commodity.isEmpty ? "" : " " + commodity)] = hundredths(
                    digits.replacing(",", with: ".")
                )
            }
        }
        return balances
    }

    /// An amount as hundredths: `-12.4` is -1240.
    static func hundredths(_ text: String) -> Int {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return Int(parts[0] + ((parts.count > 1 ? parts[1] : "") + "00").prefix(2)) ?? .min
    }
}

/// A reader that could not read, or broke down.
struct ReaderFailure: Error {
    let says: String
}

/// A file of a batch with its control totals in hundredths.
struct CloudFile {
    let path: String
    let name: String
    let totals: [String: Int]
}

/// A month of sandbox transactions through one template of the library.
enum CloudMonth {
    /// Runs an export of a shipped template over three contracts in EUR, SEK and PLN, or one in EUR, and gives its files.
    ///
    /// `parameters`: YAML in flow style; `lookups`: texts of CSV files by the lookup's name.
    static func with(
        _ template: String,
        parameters: String,
        lookups: [String: String],
        contracts: Int = 3,
        status: Int32 = 0,
        _ body: ([CloudFile]) throws -> Void
    ) async throws {
        let named = lookups.keys.sorted().map { "\($0): \($0).csv" }.joined(separator: ", ")
        let exports = """
              - name: month
                template: \(Checkout.path)/templates/\(template)
                start: 2026-10-01
                parameters: \(parameters)
                lookups: { \(named) }
            """
        try await Partner.with(
            exports: exports,
            sandbox: ["--rows", "450", "--contracts", "\(contracts)", "--seed", "20"],
            isInitialised: false
        ) { partner in
            for (name, text) in lookups { try partner.write("\(name).csv", text) }
            #expect(try partner.occExport("init").status == 0)
            let result = try partner.occExport("run")
            #expect(result.status == status, "\(result.output)\(result.error)")
            try body(try files(of: partner))
        }
    }

    private static func files(of partner: Partner) throws -> [CloudFile] {
        struct Manifest: Decodable {
            struct Resource: Decodable {
                struct Total: Decodable {
                    let name: String
                    let written: String
                }
                let path: String
                let controlTotals: [Total]?
            }
            let resources: [Resource]
        }
        let batch = try #require(try partner.batches().first, "nothing was published")
        let data = Data(try partner.text("\(batch)/manifest.json").utf8)
        return try JSONDecoder().decode(Manifest.self, from: data).resources.map { resource in
            CloudFile(
                path: "\(partner.folder)/\(batch)/\(resource.path)",
                name: resource.path,
                totals: Dictionary(
                    uniqueKeysWithValues: (resource.controlTotals ?? []).map {
                        ($0.name, CloudReaders.hundredths($0.written))
                    }
                )
            )
        }
    }

    /// A copy of a file with the first occurrence of a text replaced, beside it.
    static func broken(_ file: CloudFile, _ old: String, _ new: String) throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: file.path))
        let range = try #require(data.range(of: Data(old.utf8)), "\(old) is not in \(file.name)")
        var copy = data
        copy.replaceSubrange(range, with: Data(new.utf8))
        let path = "\(file.path).broken-" + file.name
        try copy.write(to: URL(fileURLWithPath: path))
        return path
    }

    // Lookups that know every product, rate and day of the sandbox.
    static let rates = """
        currency,perEuro,validFrom,validTo
        EUR,1,2016-07-01,
        SEK,11.2050,2016-07-01,2026-10-31
        SEK,11.1480,2026-11-01,
        PLN,4.2513,2016-07-01,

        """
    static let vehicleRows = """
        101ABC,,KL1,0.5,false,2026-01-01,2026-10-20
        101ABC,,KL2,1,false,2026-10-21,
        102ABC,,KL2,1,false,2026-01-01,
        103ABC,,KL3,0,true,2026-01-01,
        ,9233450000000003,KL4,1,false,2026-01-01,

        """
    static func vehicles(_ column: String) -> String {
        "plate,card,\(column),vatShare,isPrivate,validFrom,validTo\n" + vehicleRows
    }
}
