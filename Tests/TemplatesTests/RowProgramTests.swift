import Foundation
import TestSupport
import Testing
import Transactions

@testable import Templates

/// A row program and the general path give the same: bytes, counts, sums, rejections.
struct `Row programs` {
    /// Everything that a rendering says, to compare whole.
    struct Outcome: Equatable {
        var contents: [String: [UInt8]] = [:]
        var files: [String] = []
        var rejected: [String] = []
        var held: [String: Int] = [:]
        var totals: [String] = []
        var count = 0
        var error: String?
    }

    private func outcome(_ plan: Plan, _ rows: [Transaction], isFast: Bool) throws -> Outcome {
        try RowProgram.$isEnabled.withValue(isFast) {
            let batch = try TemplateHarness.batch()
            let selected = SelectedRows(MadeRows(rows: rows), plan, batch: batch)
            var outcome = Outcome()
            do {
                let (rendering, contents) = try plan.rendered(selected, batch: batch)
                outcome.contents = contents
                outcome.count = rendering.count
                outcome.files = rendering.files.map {
                    "\($0.name) \($0.records) \($0.bytes) \($0.controlTotals) "
                        + "\($0.substitutions.sorted { $0.key < $1.key })"
                }
                outcome.rejected = rendering.rejected.map { "\($0.key): \($0.reason)" }
            } catch {
                outcome.error = "\(error)"
            }
            outcome.held = selected.verdicts.held
            outcome.totals = selected.verdicts.totals.parts.map { "\($0)" }
            outcome.rejected += selected.verdicts.rejected.map { "\($0.key): \($0.reason)" }
            return outcome
        }
    }

    private func compare(_ plan: Plan, _ rows: [Transaction]) throws {
        let fast = try outcome(plan, rows, isFast: true)
        let general = try outcome(plan, rows, isFast: false)
        #expect(fast == general)
        #expect(!fast.contents.isEmpty || fast.error != nil)
    }

    static let worked = [
        "accountant-csv", "fixed-width-200", "sie-4i", "datev-extf-700", "unit4-gl07",
        "oracle-fbdi", "hledger", "cougar-gl", "month-end-accrual",
    ]

    @Test(arguments: worked, [false, true])
    func `give what the general path gives, in worked templates`(_ name: String, isHostile: Bool)
        throws
    {
        let plan = try TemplateHarness.plan("\(TemplateHarness.folder)/Worked/\(name)")
        var rows = try RowMaker.rows(200)
        if isHostile { rows += try HostileRows.rows(300) }
        try compare(plan, rows)
    }

    /// Templates with one kind of format each, and fields of all shapes.
    static let formats = [
        "{ kind: delimited, delimiter: ';', quote: when_needed, formulas: keep, control_characters: keep, absent: '-', number: { decimals: 2, decimal_mark: ',' } }",
        "{ kind: delimited, delimiter: ',', quote: always, formulas: apostrophe, control_characters: blank, absent: '' }",
        "{ kind: delimited, delimiter: \"\\\t\", quote: text, formulas: reject, absent: '', text: { max: 12, overflow: cut } }",
        "{ kind: delimited, delimiter: ';', quote: never, formulas: keep, absent: '', encoding: windows-1257, unmappable: { replace: '?' } }",
        "{ kind: delimited, delimiter: '|', formulas: keep, absent: '', encoding: iso-8859-1, unmappable: transliterate, number: { sign: trailing_minus } }",
        "{ kind: delimited, delimiter: ';', formulas: keep, absent: '', encoding: utf-16le }",
    ]

    private static let fields = [
        "{ value: transactionId }", "{ value: driverName }", "{ value: plateNumber }",
        "{ value: occProductName }", "{ name: net, value: net, decimals: 2 }",
        "{ value: gross, decimals: 3 }",
        "{ value: odometerReadout }",
        "{ value: local(transactionTime), pattern: \"dd.MM.yyyy HH:mm:ss\" }",
        "{ value: date(transactionTime), pattern: yyMMdd }", "{ value: invoiceNo }",
        "{ value: \"vatRate == 24 ? 'S' : vatRate == 0 ? 'Z' : 'X'\" }",
        "{ value: \"plateNumber.hasValue() ? plateNumber : driverName.orValue('nobody')\" }",
        "{ value: account }", "{ value: batch.number }", "{ value: parameters.code }",
        "{ text: fixed }", "{ value: quantity, decimals: 4 }",
        "{ value: pricePerUnit, pattern: \"00.0###\" }", "{ value: currency }",
        "{ value: \"currency == 'EUR' && !(invoiceNo.hasValue() || vatRate != 24) ? 'a' : 'b'\" }",
    ]

    private let totals = """
            control_totals:
              net: { selected: "transactions.map(t, t.net).sum()", written: "written.row.map(r, r.net).sum()" }
        """

    private func template(_ format: String, when: String?, widths: Bool) -> String {
        let fields = Self.fields.map { field in
            guard widths else { return field }
            return String(field.dropLast(2)) + ", width: 20 }"
        }
        return """
            version: 1
            title: All shapes
            feed: contract-transactions
            parameters: { code: { type: string, default: "Õ1" } }
            lookups: { ledger: { columns: { productCode: string, account: string }, key: [productCode], missing: reject } }
            derive: { account: lookups.ledger(occProductCode).account, net: "round(netAmount, 2)", gross: "round(totalPrice, 3)" }
            format: \(format)
            files:
              - name: out_${batch.number}.txt
                mixed_currencies: true
            \(when == nil ? totals : "    # the condition leaves rows out")
                records:
                  - id: row
                    for_each: transactions
            \(when.map { "        when: \($0)" } ?? "        # all")
                    fields:
            \(fields.map { "          - " + $0 }.joined(separator: "\n"))
                  - fields: [{ value: written.row.size()\(widths ? ", width: 20" : "") }, { value: "written.row.map(r, r.net).sum()", decimals: 2\(widths ? ", width: 20" : "") }]
            """
    }

    private func check(_ format: String, when: String? = nil, widths: Bool = false) async throws {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(
                template(format, when: when, widths: widths),
                files: [
                    "lookups/ledger.csv": "productCode,account\n1005,401110\n1010,\"4;0\"\n"
                ],
                in: folder
            )
            try compare(plan, HostileRows.rows(400))
        }
    }

    @Test(arguments: formats)
    func `give what the general path gives, in delimited text`(_ format: String) async throws {
        try await check(format)
        try await check(
            format,
            when: "vatRate != 0 && (plateNumber.hasValue() || currency == 'SEK')"
        )
    }

    @Test(arguments: [
        "{ kind: fixed_width, encoding: windows-1257, unmappable: { replace: '?' }, control_characters: blank, absent: '', text: { overflow: cut }, number: { decimals: 4, decimal_mark: implied, sign: plus_minus, align: right, pad: '0' } }",
        "{ kind: fixed_width, encoding: ascii, unmappable: transliterate, absent: '', text: { align: right, overflow: cut, pad: '.' }, number: { decimals: 4, align: left } }",
        "{ kind: fixed_width, encoding: utf-8, counted_in: characters, absent: 'none', text: { overflow: cut }, number: { decimals: 4, sign: unsigned } }",
        "{ kind: fixed_width, encoding: utf-8, absent: '', number: { decimals: 4, sign: overpunch, decimal_mark: implied } }",
        "{ kind: fixed_width, encoding: cp037, absent: '', unmappable: { replace: '?' }, control_characters: blank, text: { overflow: cut }, number: { decimals: 4, pad: '0', align: right } }",
    ])
    func `give what the general path gives, in fixed widths`(_ format: String) async throws {
        try await check(format, widths: true)
    }

    static let skeleton = """
        <t:skeleton xmlns:t="urn:occ-export:template">
          <Batch number="${batch.number}" a="${parameters.code}">
            <Group t:for-each="documents" of="${part.currency}">
              <Sum t:for-each="part.transactions" t:group-by="vatRate" t:as="tax" n="${tax.position}">${tax.transactions.map(r, r.net).sum()}</Sum>
              <Days>${part.transactions.map(r, r.currency).same()}${part.transactions.size()}</Days>
              <Row t:for-each="part.transactions" t:as="row" t:number="n" t:if="row.vatRate != 24" id="${n}" plate="${row.plateNumber}" of="${part.currency}">
                <Driver>${row.driverName}</Driver>
                <Both><Plate>${row.plateNumber}</Plate><Odo>${row.odometerReadout}</Odo></Both>
                <Mixed>name ${row.occProductName}, ${row.driverName} &amp; more</Mixed>
                <t:choose>
                  <Zero t:if="row.vatRate == 0">${row.net:0.000}</Zero>
                  <Invoice t:if="row.invoiceNo.hasValue()">${row.invoiceNo}</Invoice>
                  <Else at="${local(row.transactionTime):yyyy-MM-dd HH:mm:ss.SSS}">${date(row.transactionTime)}</Else>
                </t:choose>
                <t:use part="amount"/>
              </Row>
              <Only t:for-each="part.transactions" t:as="row"><Driver>${row.driverName}</Driver></Only>
            </Group>
          </Batch>
          <t:part name="amount"><Net>${row.net}</Net><Account>${row.account}</Account></t:part>
        </t:skeleton>
        """

    @Test(arguments: [
        "", ", indent: true", ", control_characters: blank", ", encoding: iso-8859-1",
    ])
    func `give what the general path gives, in XML`(_ more: String) async throws {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(
                """
                version: 1
                title: XML of all shapes
                feed: contract-transactions
                parameters: { code: { type: string, default: "Õ&1" } }
                lookups: { ledger: { columns: { productCode: string, account: string }, key: [productCode], missing: hold } }
                derive: { account: lookups.ledger(occProductCode).account, net: "round(netAmount, 2)" }
                documents: { group_by: [currency, plateNumber], as: part }
                format: { kind: xml, absent: none, number: { decimals: 4 }\(more) }
                files: [{ name: out.xml, mixed_currencies: true, skeleton: skeleton.xml }]
                """,
                files: [
                    "lookups/ledger.csv": "productCode,account\n1005,<1>\n1010,2\n",
                    "skeleton.xml": Self.skeleton,
                ],
                in: folder
            )
            try compare(plan, HostileRows.rows(400))
            try compare(plan, RowMaker.rows(100))
        }
    }

    @Test func `take rows without fields that the template can do without`() async throws {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(
                """
                version: 1
                title: Rows that lack something
                optional: [receiptNo, netAmount]
                format: { kind: delimited, absent: "-", formulas: keep, control_characters: keep }
                files:
                  - name: out.csv
                    records:
                      - for_each: transactions
                        fields: [{ value: transactionId }, { value: receiptNo }, { value: netAmount }, { value: "receiptNo.orValue('none')" }]
                """,
                in: folder
            )
            var builder = Transaction.Builder(feed: .contractTransactions)
            builder.set(.transactionId, "1")
            let bare = builder.build(contractNumber: nil)
            #expect(
                try outcome(plan, [bare], isFast: true).contents["out.csv"]
                    == Array("1,-,-,none\n".utf8)
            )
            try compare(plan, [bare] + HostileRows.rows(200))
        }
    }

    @Test func `is made for records of the benchmark's shapes, and only there`() throws {
        for (name, isFast) in [("csv", true), ("fixed", true)] {
            let plan = try Plan(
                template: try Template(folder: "\(Checkout.path)/samples/jobs/\(name)"),
                parameters: nil,
                lookups: [:],
                owner: nil,
                timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"),
                when: nil,
                programVersion: "1",
                standingIn: true
            )
            guard case .records(let nodes) = plan.files[0].tree.writing else { return }
            let programs = nodes.map {
                RowProgramCompiler(plan: plan).program(for: $0, plan.files[0].form)
            }
            #expect(programs.contains { $0 != nil } == isFast)
        }
    }
}

/// Rows in memory, as a file would give them.
struct MadeRows: RowReading {
    let rows: [Transaction]

    func visitRows(_ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void) throws {
        try rows.map { SelectedTransaction($0) }.visitRows(body)
    }

    func readRow(
        at position: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int
    ) throws -> Int {
        try rows.map { SelectedTransaction($0) }.readRow(at: position, &row, &bytes, from: start)
    }
}

/// Rows of every oddity that a field can have.
enum HostileRows {
    private static let texts: [String?] = [
        nil, "plain", "=1+1", "-5", "+", "@x", "x;=1+1", "x,\"=1", "x|@A", "x\t+1", "a;b", "a,b",
        "a|b", "\"q\"", "tab\t", "cr\r\nlf",
        "\u{1}", "\u{7F}", "Õünapuu", "Žemaitis", "Ж", "名前", "🚗", "<&>'\"", "]]>", "\u{FFFE}",
        "\u{FFFF}", "e\u{301}", "＝1", "  ", String(repeating: "x", count: 40), "\u{212A}", "nul\0",
        String(repeating: "Ä", count: 9), String(repeating: "long ", count: 200), "EUR", "0",
        "\u{85}",
    ]
    private static let amounts: [Int64] = [
        0, 1, -1, 50, -50, 49, 51, 5_000, -5_000, 10_000, 12_345_650, -10_050,
        999_999_999_999_999_999,
        -999_999_999_999_999_999, 240_000, 90_000, 100, 1_000_000, 123_456_789_012_345_650,
    ]
    private static let times: [Int64] = [
        1_793_500_200, 1_774_745_999, 1_774_746_000, 1_792_976_399, 1_792_976_400, 1_792_980_000,
        0, -1, -62_135_596_800, 253_402_300_799, 4_102_444_800, 1_767_225_599, 951_782_400,
    ]

    static func rows(_ count: Int) throws -> [Transaction] {
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        return try (0..<count).map { index in
            var builder = Transaction.Builder(feed: .contractTransactions)
            for field in Feed.contractTransactions.fields where field != .contractNumber {
                // Mostly there, sometimes not, whatever it is.
                if next(40) == 0, field != .transactionId { continue }
                switch field.kind {
                case .text:
                    let isOdd = next(4) == 0
                    if let text = isOdd ? texts[next(texts.count)] : "t\(next(9))" {
                        builder.set(field, text)
                    }
                case .amount:
                    let value = amounts[next(next(4) == 0 ? amounts.count : 12)]
                    builder.set(field, try #require(FixedDecimal(tenThousandths: value)))
                case .integer: builder.set(field, Int64(next(1_000_000)) - 500)
                case .timestamp:
                    builder.set(
                        field,
                        try #require(
                            UTCTimestamp(
                                seconds: times[next(times.count)],
                                nanoseconds: Int32(next(1_000_000_000))
                            )
                        )
                    )
                }
            }
            builder.set(.transactionId, "8000\(index)")
            if next(10) > 0 { builder.set(.occProductCode, ["1005", "1010"][next(2)]) }
            if next(3) > 0 { builder.set(.currency, ["EUR", "SEK"][next(2)]) }
            if next(2) > 0 {
                builder.set(.vatRate, try #require(FixedDecimal(["0", "24"][next(2)])))
            }
            return builder.build(contractNumber: next(5) > 0 ? "22297" : nil)
        }
    }
}
