import Invoices
import Testing
import Transactions

struct `An invoice` {
    @Test func `takes gross amounts, VAT taken out, with the cent in BT-114`() throws {
        let invoice = try SampleInvoices.mixed()
        let line = invoice.lines[0]
        #expect(line.netAmount?.description == "65.60")
        #expect(line.vatAmount.description == "15.74")
        #expect(line.netPrice == decimal("1.253226"))
        #expect(line.unit == "LTR")
        #expect(invoice.vatBreakdown.map(\.category) == ["S", "E", "Z"])
        #expect(invoice.totals.withoutVAT?.description == "90.60")
        #expect(invoice.totals.vat?.description == "15.74")
        #expect(invoice.totals.rounding == nil)
        #expect(invoice.totals.payable?.description == "106.34")
    }

    @Test func `states the unavoidable cent`() throws {
        // 0.10 at 24 %: net 0.08, VAT 0.02; 0.03: net 0.02, VAT 0.00, and a cent is missing.
        var row = SampleInvoices.fuel
        (row.quantity, row.price, row.total) = ("1", "0.03", "0.03")
        (row.net, row.vat) = ("0.0242", "0.0058")
        let invoice = try #require(try SampleInvoices.documents([row]).first)
        #expect(invoice.totals.withVAT?.description == "0.02")
        #expect(invoice.totals.rounding?.description == "0.01")
        #expect(invoice.totals.payable?.description == "0.03")
    }

    @Test func `states price before discount and discount without VAT`() throws {
        var row = SampleInvoices.fuel
        (row.price, row.discount) = ("1.599", "0.045")
        let line = try #require(try SampleInvoices.documents([row]).first?.lines.first)
        #expect(line.netPrice == decimal("1.253226"))
        #expect(line.priceDiscount == decimal("0.03629"))
        #expect(line.grossPrice == decimal("1.289516"))
    }

    @Test func `puts a discount into a line allowance on request`() throws {
        var row = SampleInvoices.fuel
        (row.price, row.discount) = ("1.599", "0.045")
        let invoice = try #require(
            try SampleInvoices.documents([row]) { $0.discounts = .line }.first
        )
        let line = invoice.lines[0]
        #expect(line.netPrice == decimal("1.289516"))
        #expect(line.grossPrice == nil)
        #expect(line.allowances.map(\.amount) == [decimal("1.89")])
        #expect(line.netAmount?.description == "65.60")
    }

    @Test func `is a credit note with positive amounts where the total is negative`() throws {
        var row = SampleInvoices.fuel
        (row.quantity, row.total, row.net, row.vat) = ("-52.34", "-81.34", "-65.60", "-15.74")
        let invoice = try #require(
            try SampleInvoices.documents([row]) {
                $0.precedingInvoices["20261031-19091"] = PrecedingInvoice(number: "20260930-18000")
            }.first
        )
        #expect(invoice.isCreditNote)
        #expect(invoice.typeCode == "381")
        #expect(invoice.lines[0].quantity == decimal("52.34"))
        #expect(invoice.lines[0].netAmount?.description == "65.60")
        #expect(invoice.totals.payable?.description == "81.34")
        #expect(invoice.precedingInvoice?.number == "20260930-18000")
    }

    @Test func `takes a refund as a negative quantity, whatever sign the row has`() throws {
        var refund = SampleInvoices.fuel
        (refund.total, refund.net, refund.vat, refund.id) = ("-8.13", "-6.56", "-1.57", "2")
        (refund.quantity, refund.price) = ("5.23", "1.554")
        let invoice = try #require(
            try SampleInvoices.documents([SampleInvoices.fuel, refund]).first
        )
        #expect(!invoice.isCreditNote)
        #expect(invoice.lines[1].quantity == decimal("-5.23"))
        #expect(try #require(invoice.lines[1].netPrice) > .zero)
    }

    @Test func `takes the supplier's VAT as the sum of the rows`() throws {
        var rows: [SampleInvoices.Row] = []
        for id in 0..<20 {
            var row = SampleInvoices.fuel
            (row.quantity, row.price, row.id) = ("1", "1.55", "\(id)")
            (row.total, row.net, row.vat) = ("1.55", "1.2545", "0.2955")
            (row.net, row.vat) = ("1.25", "0.30")
            rows.append(row)
        }
        let gross = try #require(try SampleInvoices.documents(rows).first)
        let theirs = try #require(try SampleInvoices.documents(rows, .supplierVAT).first)
        let net = try #require(try SampleInvoices.documents(rows, .net).first)
        #expect(gross.totals.withoutVAT?.description == "25.00")
        #expect(gross.totals.rounding == nil)
        #expect(theirs.totals.vat?.description == "6.00")
        #expect(net.totals.vat?.description == "6.00")
        #expect(
            [gross, theirs, net].map { $0.totals.payable?.description } == [
                "31.00", "31.00", "31.00",
            ]
        )
    }

    @Test func `is a statement outside VAT without VAT numbers`() throws {
        let invoice = try #require(
            try SampleInvoices.documents(
                [SampleInvoices.fuel, SampleInvoices.insurance],
                .statement
            ).first
        )
        #expect(invoice.vatBreakdown.map(\.category) == ["O"])
        #expect(invoice.seller.vatNumber == nil)
        #expect(invoice.totals.vat == nil)
        #expect(invoice.lines[0].netPrice == decimal("1.554"))
        #expect(invoice.totals.payable?.description == "96.34")
    }

    @Test func `has local dates`() throws {
        var row = SampleInvoices.fuel
        row.time = "2026-10-31T22:30:00Z"
        row.invoiceDate = "2026-10-31T22:00:00Z"
        let invoice = try #require(try SampleInvoices.documents([row]).first)
        #expect(invoice.issueDate?.description == "2026-11-01")
        #expect(invoice.period?.end?.description == "2026-11-01")
        #expect(invoice.dueDate?.description == "2026-11-15")
    }

    @Test func `names the contract on the document, or on each line`() throws {
        var other = SampleInvoices.fuel
        (other.contract, other.id) = ("123", "2")
        let one = try #require(try SampleInvoices.documents([SampleInvoices.fuel]).first)
        let two = try #require(try SampleInvoices.documents([SampleInvoices.fuel, other]).first)
        #expect(one.contractReference == "22297")
        #expect(two.contractReference == nil)
        #expect(two.lines.map { $0.properties.last?.value } == ["22297", "123"])
    }

    @Test func `shows the card masked, and the driver only on request`() throws {
        let shown = try #require(try SampleInvoices.documents([SampleInvoices.fuel]).first)
        let hidden = try #require(
            try SampleInvoices.documents([SampleInvoices.fuel]) {
                $0.propertyNames[.driver] = nil
                $0.shownCard = .none
            }.first
        )
        #expect(
            shown.lines[0].properties.map(\.value).prefix(3) == [
                "923345******2345", "123ABC", "Mari Maasikas",
            ]
        )
        #expect(shown.lines[0].notes == ["123ABC 923345******2345"])
        #expect(
            hidden.lines[0].properties.map(\.code) == [
                "plate", "odometer", "station", "receipt", "time",
            ]
        )
        #expect(shown.lineGroups.map(\.id) == ["923345******2345"])
    }

    @Test func `puts rows outside VAT on a document of their own`() throws {
        let documents = try SampleInvoices.documents([SampleInvoices.fuel, SampleInvoices.transfer])
        #expect(documents.map(\.number) == ["20261031-19091", "20261031-19091-O"])
        #expect(documents.map { $0.totals.payable?.description } == ["81.34", "100.00"])
    }

    @Test func `leaves rows outside VAT out and counts them on request`() throws {
        let rows = try [SampleInvoices.fuel, SampleInvoices.transfer].map(
            SampleInvoices.transaction
        )
        let outcomes = try SampleSettings.assembler(.gross) { $0.outsideVAT = .leaveOut }
            .outcomes(of: rows)
        let leftOut = outcomes.compactMap { outcome -> ([Int], ExactDecimal)? in
            guard case .leftOut(let sources, let total, _) = outcome else { return nil }
            return (sources, total)
        }
        #expect(leftOut.map(\.0) == [[1]])
        #expect(leftOut.map(\.1) == [decimal("100")])
    }

    @Test func `is grouped by number and currency`() throws {
        var swedish = SampleInvoices.fuel
        (swedish.currency, swedish.id) = ("SEK", "2")
        var earlier = SampleInvoices.fuel
        (earlier.number, earlier.id) = ("20261015-1", "3")
        let rows = try [SampleInvoices.fuel, swedish, earlier].map(SampleInvoices.transaction)
        let groups = InvoiceAssembler.groups(of: rows)
        #expect(groups.map(\.number) == ["20261015-1", "20261031-19091", "20261031-19091"])
        #expect(groups.map(\.sources) == [[2], [0], [1]])
    }

    @Test func `describes its terms for templates`() throws {
        let invoice = try SampleInvoices.mixed()
        let group = invoice.group
        #expect(
            group.description.terms.map(\.name).prefix(4) == [
                "number", "issueDate", "typeCode", "isCreditNote",
            ]
        )
        guard case .string("20261031-19091")? = group.value("number"),
            case .list(let lines)? = group.value("lines"),
            case .decimal(let net)? = lines[0].value("netAmount"),
            case .transaction(2)? = lines[2].value("transaction")
        else {
            Issue.record("the terms are not what the description says")
            return
        }
        #expect(net.description == "65.60")
        // Every term that is not optional is there.
        for (place, term) in lines[0].description.terms.enumerated() where !term.isOptional {
            if case .absent = lines[0].value(at: place) { Issue.record("\(term.name) is absent") }
        }
    }
}
