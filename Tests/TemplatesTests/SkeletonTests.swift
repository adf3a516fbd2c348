import Templates
import TestSupport
import Testing

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
