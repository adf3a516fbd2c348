import Templates
import TestSupport
import Testing
import Transactions

/// What a skeleton may not be: refused by the check, before a row is there.
struct `Skeletons` {
    private static let names = "xmlns:t=\"urn:occ-export:template\""

    private static func skeleton(_ inner: String) -> String {
        "<t:skeleton \(names)>\n\(inner)\n</t:skeleton>"
    }

    /// Parts that use the next ten times each.
    private static func fan(_ levels: Int) -> String {
        var parts = ""
        for level in 0..<levels {
            let use = "<t:use part=\"p\(level + 1)\"/>"
            parts += "<t:part name=\"p\(level)\">\(String(repeating: use, count: 10))</t:part>\n"
        }
        return skeleton(
            "\(parts)<t:part name=\"p\(levels)\"><b/></t:part><a><t:use part=\"p0\"/></a>"
        )
    }

    private func plan(_ skeleton: String) async throws -> Plan {
        try await withTemporaryDirectory { folder in
            try TemplateHarness.plan(
                "version: 1\ntitle: a test\nformat: { kind: xml }\nfiles:\n  - name: x.xml\n    skeleton: s.xml\n",
                files: ["s.xml": skeleton],
                in: folder
            )
        }
    }

    @Test func `groups transactions by fields, ascending, and numbers elements`() async throws {
        let inner = """
            <a><r t:for-each="transactions" t:group-by="currency, vatRate" t:as="rate" t:number="n" at="${n}">
            <s>${rate.currency} ${rate.vatRate} ${rate.transactions.map(t, t.netAmount).sum()} ${rate.position}</s>
            <l t:for-each="rate.transactions" t:as="line" t:number="m">${m}:${line.transactionId}</l></r></a>
            """
        let plan = try await plan(Self.skeleton(inner))
        func row(_ id: String, _ currency: String, _ rate: String, _ net: String) throws
            -> Transaction
        {
            var builder = Transaction.Builder(feed: .contractTransactions)
            builder.set(.transactionId, id)
            builder.set(.currency, currency)
            builder.set(.vatRate, try #require(FixedDecimal(rate)))
            builder.set(.netAmount, try #require(FixedDecimal(net)))
            return builder.build(contractNumber: "1")
        }
        let rows = [
            try row("1", "EUR", "24", "1.50"), try row("2", "EUR", "0", "2"),
            try row("3", "EUR", "24", "0.25"), try row("4", "AED", "5", "7"),
        ]
        let outcome = try TemplateHarness.render(plan, rows)
        #expect(
            outcome.text("x.xml").split(separator: "\n").last ?? ""
                == [
                    "<a><r at=\"1\"><s>AED 5 7 1</s><l>1:4</l></r>",
                    "<r at=\"2\"><s>EUR 0 2 2</s><l>1:2</l></r>",
                    "<r at=\"3\"><s>EUR 24 1.75 3</s><l>1:1</l><l>2:3</l></r></a>",
                ].joined()
        )
    }

    struct Case: CustomTestStringConvertible {
        let skeleton: String
        let name: String
        let message: String
        let cure: String
        var testDescription: String { message }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            Case(
                skeleton: fan(12),
                name: "too-large",
                message: "with its parts put in, the skeleton has more than 20000 nodes",
                cure: "use parts less often, or repeat with t:for-each"
            ),
            Case(
                skeleton: skeleton("<a><b t:number=\"n\">1</b></a>"),
                name: "missing-key",
                message: "t:number stands without t:for-each",
                cure: "say what the element is repeated for"
            ),
            Case(
                skeleton: skeleton("<a><b t:for-each=\"[1, 2]\" t:group-by=\"vatRate\">1</b></a>"),
                name: "type",
                message: "only transactions are grouped",
                cure: "leave t:group-by out"
            ),
            Case(
                skeleton: skeleton("<a/>\n<b/>"),
                name: "xml",
                message: "a second root element, a document has one",
                cure: "enclose both in one element"
            ),
            Case(
                skeleton: skeleton("<t:part name=\"p\"><a/><b/></t:part><t:use part=\"p\"/>"),
                name: "xml",
                message: "a second root element, a document has one",
                cure: "enclose both in one element"
            ),
            Case(
                skeleton: "<a \(names) t:for-each=\"transactions\" t:as=\"x\"/>",
                name: "xml",
                message: "the root element is repeated, a document has one",
                cure: "put t:for-each on an element in it"
            ),
            Case(
                skeleton: "<a \(names) t:if=\"transactions.size() > 1\"/>",
                name: "xml",
                message: "the root element may be left out, a document has one",
                cure: "leave t:if out, or use t:choose whose last branch has none"
            ),
            Case(
                skeleton: skeleton("<t:choose><a t:if=\"transactions.size() > 1\"/></t:choose>"),
                name: "xml",
                message: "the root element may be left out, a document has one",
                cure: "leave t:if out, or use t:choose whose last branch has none"
            ),
            Case(
                skeleton: skeleton("<a/>lost"),
                name: "xml",
                message: "text stands beside the root element",
                cure: "put it into the root element"
            ),
            Case(
                skeleton:
                    "<t:skeleton xmlns:t=\"urn:occ-export:templates\"><a t:for-each=\"transactions\" t:as=\"t\">${t.currency}</a></t:skeleton>",
                name: "xml",
                message: "there is no namespace 'urn:occ-export:templates'",
                cure: "write xmlns:t=\"urn:occ-export:template\""
            ),
            Case(
                skeleton: "<a xmlns:t=\"urn:occ-exprot:template\"/>",
                name: "xml",
                message: "there is no namespace 'urn:occ-exprot:template'",
                cure: "write xmlns:t=\"urn:occ-export:template\""
            ),
            Case(
                skeleton: "<t:skeleton xmlns:t=\"http://example.org/\"><a/></t:skeleton>",
                name: "xml",
                message: "the prefix of 't:skeleton' stands for no namespace that is known",
                cure: "write xmlns:t=\"urn:occ-export:template\""
            ),
            Case(
                skeleton: "<a><b t:if=\"true\"/></a>",
                name: "xml",
                message: "the prefix of 't:if' stands for no namespace that is known",
                cure: "write xmlns:t=\"urn:occ-export:template\""
            ),
            Case(
                skeleton: "<!DOCTYPE a>\n<a/>",
                name: "xml",
                message: "has a DOCTYPE, which is never taken",
                cure: "leave it out"
            ),
            Case(
                skeleton: "<a>&foo;</a>",
                name: "xml",
                message: "Entity 'foo' not defined",
                cure: "write the character itself; '&' is written &amp;"
            ),
            Case(
                skeleton: "<a>${true && true}</a>",
                name: "xml",
                message: "xmlParseEntityRef: no name",
                cure: "'&' is written &amp;, '&&' is written &amp;&amp;"
            ),
        ]
    )
    func `that cannot be written are refused with a cure`(_ test: Case) async throws {
        do {
            _ = try await plan(test.skeleton)
            Issue.record("the skeleton is taken")
        } catch let error as Diagnostic {
            #expect(error.name == test.name)
            #expect(error.message == test.message)
            #expect(error.cure == test.cure)
        }
    }

    @Test(arguments: [
        skeleton("<a/>"),
        skeleton("<t:part name=\"p\"><a/></t:part>\n<t:use part=\"p\"/>"),
        skeleton("<t:choose><a t:if=\"transactions.size() > 1\"/><b/></t:choose>"),
        "<a xmlns=\"urn:oasis:names\" xmlns:t=\"urn:other\"><t:b/></a>",
        "<a \(names)>${true &amp;&amp; true ? 'x' : 'y'}</a>",
        "<a \(names) t:for-each=\"[transactions.size()]\" t:as=\"n\">${n}</a>",
        "<a xmlns=\"urn:occ-export:transaction-list:1\"/>",
        fan(3),
    ])
    func `with one root that is always written are taken`(_ skeleton: String) async throws {
        #expect(try await plan(skeleton).warnings.isEmpty)
    }
}
