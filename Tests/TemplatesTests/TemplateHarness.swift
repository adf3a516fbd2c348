import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// Renders templates of folders with rows made here.
enum TemplateHarness {
    static let folder = Checkout.path + "/Tests/TemplatesTests"

    static func batch(number: Int = 42, nextSerial: Int? = nil) throws -> BatchContext {
        BatchContext(
            id: "batch-\(number)",
            number: number,
            created: try #require(UTCTimestamp("2026-11-24T03:00:00Z")),
            day: try #require(CalendarDate("2026-11-24")),
            nextSerial: nextSerial
        )
    }

    /// The plan of a template folder, with parameters.yaml and lookups/NAME.csv beside the template.
    static func plan(
        _ template: String,
        inputs: String? = nil,
        when: YAMLNode? = nil,
        standingIn: Bool = false,
        findings: Findings = Findings()
    ) throws -> Plan {
        let manager = FileManager.default
        let inputs = inputs ?? template
        let parameters = "\(inputs)/parameters.yaml"
        var lookups: [String: String] = [:]
        if manager.fileExists(atPath: "\(inputs)/lookups") {
            for file in try manager.contentsOfDirectory(atPath: "\(inputs)/lookups")
            where file.hasSuffix(".csv") {
                lookups[String(file.dropLast(4))] = "\(inputs)/lookups/\(file)"
            }
        }
        return try Plan(
            template: try Template(folder: template, findings: findings),
            parameters: manager.fileExists(atPath: parameters)
                ? try YAMLReader.read(file: parameters) : nil,
            lookups: lookups,
            owner: nil,
            timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"),
            when: when,
            programVersion: "1.0",
            standingIn: standingIn,
            findings: findings
        )
    }

    /// All that is wrong with a template text, and what may be meant otherwise.
    static func findings(_ yaml: String, files: [String: String] = [:], in folder: String) throws
        -> Findings
    {
        let findings = Findings()
        do {
            try write(yaml, files: files, to: "\(folder)/t")
            _ = try plan("\(folder)/t", findings: findings)
        } catch let error as Diagnostic {
            findings.report(error)
        }
        return findings
    }

    /// The plan of a template text, in a fresh folder with more files.
    static func plan(_ yaml: String, files: [String: String] = [:], in folder: String) throws
        -> Plan
    {
        let path = "\(folder)/t"
        try write(yaml, files: files, to: path)
        return try plan(path)
    }

    private static func write(_ yaml: String, files: [String: String], to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path + "/lookups",
            withIntermediateDirectories: true
        )
        try yaml.write(toFile: "\(path)/template.yaml", atomically: true, encoding: .utf8)
        for (name, text) in files {
            try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        }
    }

    struct Outcome {
        var rendering: Rendering
        var contents: [String: [UInt8]]
        var held: [String] = []
        var rejected: [String] = []

        func text(_ name: String) -> String {
            String(decoding: contents[name] ?? [], as: UTF8.self)
        }
    }

    static func render(
        _ plan: Plan,
        _ transactions: [Transaction],
        reversing: [(Transaction, Int)] = [],
        batch: BatchContext? = nil
    ) throws -> Outcome {
        let batch = try batch ?? Self.batch()
        var selector = plan.selector(batch: batch)
        var selected: [SelectedTransaction] = []
        var held: [String] = []
        var rejected: [String] = []
        for (transaction, reverses) in reversing.map({ ($0.0, Optional($0.1)) })
            + transactions.map({ ($0, nil) })
        {
            switch selector.outcome(of: transaction, reverses: reverses) {
            case .selected(let one): selected.append(one)
            case .held(let reason): held.append("\(transaction.key): \(reason)")
            case .rejected(let reason): rejected.append("\(transaction.key): \(reason)")
            case .notMatching: break
            }
        }
        let (rendering, contents) = try plan.rendered(selected, batch: batch)
        return Outcome(
            rendering: rendering,
            contents: contents,
            held: held,
            rejected: rejected
        )
    }
}

/// Rows made by a small generator of its own, so that every run has the same.
struct RowMaker {
    private var state: UInt64

    init(seed: UInt64 = 1) { state = seed }

    /// splitmix64 (public domain, Sebastiano Vigna).
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) >> 33) % bound
    }

    private static let drivers = [
        "Mari Maasikas", "=1+1", "Jüri Õunapuu; \"pikk\"", "Šarūnas Žemaitis", "+372 5550000",
        "Ąžuolas Ė", "-", "@SUM(A1)", "Østein Ångström", "名前", "A\tB",
    ]
    private static let products = [
        ("1005", "95"), ("1010", "Diislikütus Õ"), ("4001", "Kindlustus"),
    ]

    /// A purchase; every amount has four decimals, some are refunds.
    mutating func row(
        _ index: Int,
        invoice: String? = nil,
        invoiceDate: String = "2026-10-31T10:00:00Z",
        contract: String? = nil,
        currency: String? = nil,
        driver: String? = nil
    ) throws -> Transaction {
        var builder = Transaction.Builder(feed: .contractTransactions)
        builder.set(.transactionId, "70000\(10000 + index)")
        let day = 1 + next(28)
        let time =
            "2026-10-\(day < 10 ? "0" : "")\(day)T\(10 + next(14)):\(10 + next(50)):0\(next(10))Z"
        builder.set(.transactionTime, try #require(UTCTimestamp(time)))
        builder.set(.stationId, "EE-\(next(200))")
        builder.set(.receiptNo, "\(next(9))-\(next(100))")
        builder.set(
            .cardNumber,
            next(3) == 0 ? "9233450000000011" : "92334500000\(10000 + next(9))"
        )
        builder.set(.currency, currency ?? ["EUR", "EUR", "SEK"][next(3)])
        let product = Self.products[next(3)]
        builder.set(.occProductCode, product.0)
        builder.set(.occProductName, product.1)
        if next(3) > 0 { builder.set(.plateNumber, next(2) == 0 ? "123ABC" : "1E5") }
        if next(4) > 0 {
            builder.set(.driverName, driver ?? Self.drivers[next(Self.drivers.count)])
        }
        if let invoice {
            builder.set(.invoiceNo, invoice)
            builder.set(.invoiceDate, try #require(UTCTimestamp(invoiceDate)))
        }
        let sign: Int64 = next(12) == 0 ? -1 : 1
        let net = sign * Int64(next(2_000_000) + 1)
        let vat = (net * 24 + (net < 0 ? -50 : 50)) / 100
        func amount(_ value: Int64) throws -> FixedDecimal {
            try #require(FixedDecimal(tenThousandths: value))
        }
        builder.set(.quantity, try amount(sign * Int64(next(900_000) + 1)))
        builder.set(.netAmount, try amount(net))
        builder.set(.vatAmount, try amount(vat))
        builder.set(.totalPrice, try amount(net + vat))
        builder.set(.vatRate, try amount(240_000))
        builder.set(.pricePerUnit, try amount(15_000))
        return builder.build(contractNumber: contract ?? ["22297", "123", "30051"][next(3)])
    }

    /// Purchases of three contracts on invoices, some not invoiced yet.
    static func rows(_ count: Int, invoiced: Bool = false, drivers: Bool = true) throws
        -> [Transaction]
    {
        var maker = RowMaker()
        return try (0..<count).map { index in
            let contract = ["22297", "123", "30051"][maker.next(3)]
            let isInvoiced = invoiced || maker.next(5) > 0
            return try maker.row(
                index,
                invoice: isInvoiced ? "2026\(contract.prefix(2))-19\(maker.next(4))" : nil,
                contract: contract,
                driver: drivers ? nil : "Mari"
            )
        }
    }
}

/// Independent readers of accounting files; tests that need them say so where they are not installed.
enum Readers {
    static let erpcheck = ERPReaders.erpcheck
    static let python = ERPReaders.python
    static let areThere = ERPReaders.areThere

    /// What a reader says of a file: `ACCEPT` or `REJECT` and why.
    static func verdict(_ kind: String, _ name: String, _ contents: [UInt8]) async throws -> String
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/\(name)"
            try Data(contents).write(to: URL(fileURLWithPath: path))
            let result = try run(python, [erpcheck, kind, path])
            return result.output + result.error
        }
    }
}
