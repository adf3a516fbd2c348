internal import Expressions
internal import Templates
internal import Transactions

/// Text of template.yaml, as far as files of a few rows.
struct TemplatesTarget: FuzzTarget {
    init() {
        Scratch.write(Array(SkeletonsTarget.sample.utf8), "template/skeleton.xml")
        Scratch.write(Array("code,account\n1005,4010\n".utf8), "template/codes.csv")
    }

    func read(_ bytes: [UInt8]) {
        Scratch.write(bytes, "template/template.yaml")
        onlyDocumentedErrors { try Rows.render("\(Scratch.folder)/template", lookups: [:]) }
    }
}

/// Text of an XML skeleton, as far as documents of a few rows.
struct SkeletonsTarget: FuzzTarget {
    static let sample = """
        <t:skeleton xmlns:t="urn:occ-export:template">
          <List xmlns="urn:list">
            <Row t:for-each="transactions" t:as="row" id="${row.transactionId}">
              <Net t:if="row.netAmount.hasValue()">${row.netAmount:0.00}</Net>
              <t:choose><t:when test="row.invoiceNo.hasValue()"><No>${row.invoiceNo}</No></t:when>
                <t:otherwise><No>-</No></t:otherwise></t:choose>
            </Row>
          </List>
        </t:skeleton>
        """

    init() {
        Scratch.write(
            Array(
                """
                version: 1
                title: a skeleton
                format: { kind: xml }
                files:
                  - name: rows.xml
                    skeleton: skeleton.xml
                """.utf8
            ),
            "skeleton/template.yaml"
        )
    }

    func read(_ bytes: [UInt8]) {
        Scratch.write(bytes, "skeleton/skeleton.xml")
        onlyDocumentedErrors { try Rows.render("\(Scratch.folder)/skeleton", lookups: [:]) }
    }
}

/// A lookup's CSV file under two declarations.
struct LookupsTarget: FuzzTarget {
    private static let templates = [
        "dated": (
            key: "key: [code], valid: [from, to], missing: reject", code: "string",
            call: "lookups.codes(occProductCode, date(transactionTime)).account"
        ),
        "first": (
            key: "key: [plate, code], match: first, missing: hold", code: "optional string",
            call: "lookups.codes(plateNumber, occProductCode).account"
        ),
    ]

    init() {
        for (name, template) in Self.templates {
            let text = """
                version: 1
                title: a lookup
                requires: [occProductCode, transactionTime]
                lookups:
                  codes: { columns: { code: \(template.code), plate: optional string, account: int,
                    rate: optional decimal, from: optional date, to: optional date }, \(template.key) }
                derive:
                  account: "\(template.call)"
                format: { kind: delimited }
                files:
                  - name: rows.csv
                    for_each: transactions
                    as: x
                    fields:
                      - { name: account, value: "x.account" }
                """
            Scratch.write(Array(text.utf8), "\(name)/template.yaml")
        }
    }

    func read(_ bytes: [UInt8]) {
        Scratch.write(bytes, "codes.csv")
        for name in Self.templates.keys.sorted() {
            onlyDocumentedErrors {
                try Rows.render(
                    "\(Scratch.folder)/\(name)",
                    lookups: ["codes": "\(Scratch.folder)/codes.csv"]
                )
            }
        }
    }
}

/// A few purchases, and a template's way with them.
private enum Rows {
    static let transactions: [Transaction] = (0..<4).map { index in
        var builder = Transaction.Builder(feed: .contractTransactions)
        builder.set(.transactionId, "\(7_000_000_001 + index)")
        let day = "2026-11-\(10 + index)T22:15:30Z"
        guard let instant = UTCTimestamp(day) else { complain("no instant: \(day)") }
        builder.set(.transactionTime, instant)
        builder.set(.occProductCode, index == 0 ? "1010" : "1005")
        builder.set(.occProductName, "Diislikütus & \"=1+1\"")
        builder.set(.currency, "EUR")
        if index > 1 { builder.set(.invoiceNo, "INV-\(index)") }
        if index > 0 { builder.set(.plateNumber, "123ABC") }
        let amounts: [(Field, Int64)] = [
            (.quantity, 105_000), (.netAmount, 100_000), (.vatAmount, 24_000),
            (.totalPrice, 124_000), (.vatRate, 240_000), (.pricePerUnit, 12_400),
        ]
        for (field, value) in amounts {
            guard let amount = FixedDecimal(tenThousandths: index == 3 ? -value : value) else {
                complain("no amount: \(value)")
            }
            builder.set(field, amount)
        }
        return builder.build(contractNumber: "22297")
    }

    private static let zone: TimeZoneRules = {
        do {
            return try TimeZoneRules(identifier: "Europe/Tallinn")
        } catch {
            complain("\(error)")
        }
    }()

    static func render(_ folder: String, lookups: [String: String]) throws {
        let plan = try Plan(
            template: try Template(folder: folder),
            parameters: nil,
            lookups: lookups,
            owner: nil,
            timeZone: zone,
            when: nil,
            programVersion: "1.0",
            standingIn: lookups.isEmpty
        )
        for warning in plan.warnings { Catalogue.require(warning) }
        guard let created = UTCTimestamp("2026-11-24T03:00:00Z"),
            let day = CalendarDate("2026-11-24")
        else { complain("no day") }
        let batch = BatchContext(id: "batch-42", number: 42, created: created, day: day)
        var selector = plan.selector(batch: batch)
        var selected: [SelectedTransaction] = []
        for transaction in transactions {
            switch selector.outcome(of: transaction) {
            case .selected(let one): selected.append(one)
            case .held(let reason), .rejected(let reason): Catalogue.require(reason.name)
            case .notMatching: break
            }
        }
        let (rendering, _) = try plan.rendered(selected, batch: batch)
        for one in rendering.rejected { Catalogue.require(one.reason.name) }
        for diagnostic in rendering.diagnostics { Catalogue.require(diagnostic) }
    }
}
