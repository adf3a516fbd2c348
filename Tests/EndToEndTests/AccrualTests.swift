internal import Foundation
import TestSupport
import Testing

/// Accruals in the form of each ledger: October in three currencies, accrued in the first night of November,
/// taken back as its invoices come, read by programs that others wrote.
struct `Accruals of the library` {
    /// An accrual template, and the account of what is accrued.
    struct Accrual: CustomTestStringConvertible, Sendable {
        let base: LedgerCase
        let parameters: String
        let account: String

        var testDescription: String { base.template }
    }

    private static func accrual(_ base: String, _ account: String, _ parameters: String) -> Accrual?
    {
        LedgerCase.all.first { $0.template == base }
            .map { Accrual(base: $0, parameters: parameters, account: account) }
    }

    static let all = [
        accrual(
            "sie-4i",
            "2990",
            "{ company: Åkeri AB, expenseAccount: \"5619\", privateAccount: \"2013\" }"
        ),
        accrual(
            "datev-extf-700",
            "0970",
            "{ adviser: 29098, client: 55003, creditor: \"0970\", expenseAccount: \"4580\", privateAccount: \"1800\" }"
        ),
        accrual(
            "unit4-gl07",
            "209000",
            "{ client: NV1, firstVoucher: 900001, supplier: ALEXELA, creditorAccount: \"209000\", expenseAccount: \"4590\", privateAccount: \"158000\" }"
        ),
        accrual("hledger", "liabilities:accrued:alexela", "{}"),
        accrual("beancount", "Liabilities:Accrued:Alexela", "{}"),
        accrual(
            "cougar-gl",
            "2100-000",
            "{ creditorAccount: 2100-000, expenseAccount: \"5390-{cc}\", privateAccount: 1280-000 }"
        ),
        accrual(
            "quadracompta",
            "40810000",
            "{ expenseAccount: \"60690000\", privateAccount: \"45500000\" }"
        ),
    ].compactMap { $0 }

    static let folders =
        all.map { "\($0.base.template)-accrual" } + ["tryton-move-accrual", "month-end-accrual"]

    @Test(arguments: folders)
    func `a template is clean under strict checks and passes its own tests`(name: String) throws {
        let folder = "\(Checkout.path)/templates/\(name)"
        let program = Checkout.program("occ-export")
        let check = try run(program, ["template", "check", "--strict", folder])
        #expect(check.status == 0, "\(check.output)\(check.error)")
        let test = try run(program, ["template", "test", folder])
        #expect(test.status == 0, "\(test.output)\(test.error)")
    }

    /// Two nights: what of October has no invoice is accrued; weeks later all of it is invoiced.
    private static func months(
        _ template: String,
        _ parameters: String,
        lookups: [String: String],
        _ body: (Partner, _ batches: [String]) throws -> Void
    ) async throws {
        let files = lookups.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ")
        let exports = """
              - name: accruals
                template: \(Checkout.path)/templates/\(template)
                start: 2026-10-01
                when: "!invoiceNo.hasValue() && date(transactionTime) < monthStart(batch.day)"
                on_invoiced: reverse
                on_change: reverse_and_replace
                parameters: \(parameters)
                lookups: { \(files) }
            """
        try await Partner.with(
            exports: exports,
            sandbox: ["--rows", "180", "--contracts", "3", "--seed", "24", "--no-ev"],
            clock: "2026-11-01T02:00:00Z",
            isInitialised: false
        ) { partner in
            let made = try partner.occExport("init", now: "2026-11-01T02:00:00Z")
            #expect(made.status == 0, "\(made.error)")
            // A half-deductible car, a private one, a driver's odd name; one of November stays.
            try partner.sell("7900000001", day: "2026-10-30")
            try partner.sell("7900000002", day: "2026-10-31", ["plateNumber": "\"777PRV\""])
            let first = try partner.occExport("run", now: "2026-11-01T02:00:00Z")
            #expect([0, 3].contains(first.status), "\(first.output)\(first.error)")
            try #require(try partner.batches().count == 1, "\(first.output)\(first.error)")
            let invoice = [
                "invoiceNo": "\"20261031-19777\"", "invoiceDate": "\"2026-11-03T00:00:00Z\"",
            ]
            try partner.amend("7900000001", invoice)
            try partner.amend("7900000002", invoice)
            try partner.sell("7900000003", day: "2026-11-10")
            try partner.sandbox.control("clock", "{\"now\":\"2026-11-24T03:00:00Z\"}")
            let second = try partner.occExport("run", now: "2026-11-24T03:00:00Z")
            #expect([0, 3].contains(second.status), "\(second.output)\(second.error)")
            try #require(try partner.batches().count == 2, "\(second.output)\(second.error)")
            let third = try partner.occExport("run", now: "2026-11-24T03:01:00Z")
            #expect(third.output.contains("nothing new to publish"), "\(third.output)")
            try body(partner, try partner.batches())
        }
    }

    private static func shipped(_ template: String, _ names: [String]) -> [String: String] {
        let folder = "\(Checkout.path)/templates/\(template)/lookups"
        return Dictionary(uniqueKeysWithValues: names.map { ($0, "\(folder)/\($0).csv") })
    }

    @Test(.enabled(if: LedgerReaders.areThere, LedgerReaders.why), arguments: all)
    func `what was accrued is taken back to the cent, and a reader takes both files`(one: Accrual)
        async throws
    {
        let base = one.base
        try await Self.months(
            "\(base.template)-accrual",
            one.parameters,
            lookups: Self.shipped(base.template, base.lookups)
        ) { partner, batches in
            var sums: [String: Int] = [:]
            for batch in batches {
                let files = try partner.ledgerFiles(batch, total: base.total)
                    .filter { $0.name.hasSuffix(base.suffix) }
                for file in files {
                    for kind in base.kinds {
                        let verdict = try LedgerReaders.verdict(kind, file.path)
                        #expect(verdict.accepts, "\(file.name): \(verdict.says)")
                        let total = try LedgerReaders.total(kind, file.path, account: one.account)
                        #expect(total == file.total, "\(kind) \(file.name)")
                        let currency = ["EUR", "SEK", "PLN"].first { file.name.contains($0) } ?? ""
                        let parts = total.split(separator: ".", omittingEmptySubsequences: false)
                        let cents = (parts.count > 1 ? String(parts[1]) : "") + "00"
                        sums["\(kind) \(currency)", default: 0] +=
                            Int(parts[0] + cents.prefix(2)) ?? .min
                    }
                }
            }
            #expect(sums.count == 3 * base.kinds.count)
            #expect(sums.values.allSatisfy { $0 == 0 }, "\(sums)")
            #expect(try partner.manifest(batches[0]).transactions > 10)
            #expect(
                try partner.manifest(batches[1]).transactions
                    == partner.manifest(batches[0]).transactions
            )
            let file = try #require(
                try partner.ledgerFiles(batches[0], total: base.total)
                    .first { $0.name.hasSuffix(base.suffix) && $0.name.contains("EUR") }
            )
            try Self.requireRefused(file, base)
        }
    }

    /// The shipped reader is known to look: what it refuses in the base's files it refuses here.
    private static func requireRefused(_ file: LedgerFile, _ base: LedgerCase) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: file.path))
        var tried = 0
        for damage in base.damages {
            let old = Data(damage.old.unicodeScalars.map { UInt8($0.value) })
            guard let place = data.range(of: old) else { continue }
            var copy = data
            copy.replaceSubrange(
                place,
                with: Data(damage.new.unicodeScalars.map { UInt8($0.value) })
            )
            try copy.write(to: URL(fileURLWithPath: file.path))
            for kind in base.kinds {
                let verdict = try LedgerReaders.verdict(kind, file.path)
                #expect(!verdict.accepts, "\(kind) takes \(damage.what): \(verdict.says)")
            }
            tried += 1
        }
        try data.write(to: URL(fileURLWithPath: file.path))
        #expect(tried > 0, "nothing to damage in \(file.name)")
    }

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `Tryton posts both moves, and the account comes to nothing`() async throws {
        let lookups = [
            "products": "product,productType,account\n1001,,5.1.1\n",
            "vehicles": CloudMonth.vehicles("ignored"),
            "taxes": "rate,account\n24,5.1.1\n22,5.1.1\n9,5.1.1\n0,5.1.1\n",
            "rates": CloudMonth.rates.replacing("perEuro", with: "perUnit"),
        ]
        try await withTemporaryDirectory { folder in
            for (name, text) in lookups {
                try text.write(toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
            }
            try await Self.months(
                "tryton-move-accrual",
                "{ company: Dunder Mifflin, payableAccount: 6.3.6, expenseAccount: 5.1.1, privateAccount: 5.1.1 }",
                lookups: Dictionary(
                    uniqueKeysWithValues: lookups.keys.map { ($0, "\(folder)/\($0).csv") }
                )
            ) { partner, batches in
                var accrued: [Int] = []
                var both = ""
                for batch in batches {
                    let file = try #require(try partner.ledgerFiles(batch, total: "payable").first)
                    let booked = try TrytonBooks(file.path)
                    #expect(booked.states == ["posted"])
                    accrued.append(booked.balances["6.3.6"] ?? .min)
                    let text = try String(contentsOfFile: file.path, encoding: .utf8)
                    both +=
                        both.isEmpty
                        ? text
                        : text.split(separator: "\r\n", maxSplits: 1).last.map(String.init) ?? ""
                }
                #expect(accrued[0] < 0)
                #expect(accrued[0] == -accrued[1])
                try partner.write("both.csv", both)
                let booked = try TrytonBooks("\(partner.folder)/both.csv")
                #expect(booked.balances["6.3.6"] == 0)
            }
        }
    }

    @Test(.enabled(if: CloudReaders.hledgerIsThere, CloudReaders.whyNoHledger))
    func `debit and credit of the plain journal come to nothing over both batches`() async throws {
        let rules = """
            skip 1
            separator ;
            decimal-mark ,
            date-format %d.%m.%Y
            fields date,voucher,nr,centre,plate,debit,credit,cur,text,transaction,batch
            description %text
            currency %cur
            account1 a:%nr
            amount1-in %debit
            amount1-out %credit
            account2 v:%voucher
            """
        try await Self.months(
            "month-end-accrual",
            "{ accruedAccount: \"2990\", expenseAccount: \"4590\", privateAccount: \"1580\" }",
            lookups: Self.shipped("month-end-accrual", ["products", "vehicles"])
        ) { partner, batches in
            var sums: [String: Int] = [:]
            for batch in batches {
                for file in try partner.ledgerFiles(batch, total: "accrued")
                where file.name.hasSuffix(".csv") {
                    let read = try CloudReaders.balances(file.path, rules: rules)
                    let vouchers = read.filter { $0.key.hasPrefix("v:") }
                    #expect(!vouchers.isEmpty && vouchers.values.allSatisfy { $0 == 0 })
                    let currency = String(file.name.dropFirst(8).prefix(3))
                    let accrued = try #require(read["a:2990 \(currency)"])
                    let total = try #require(file.total)
                    #expect("\(-accrued)" == total.replacing(".", with: ""))
                    sums[currency, default: 0] += accrued
                }
            }
            #expect(sums == ["EUR": 0, "SEK": 0, "PLN": 0])
        }
    }
}
