import Templates
import TestSupport
import Testing

/// A check tries skeletons on made-up rows: what they make must be valid by the schema beside the template.
struct `A skeleton on made-up rows` {
    private static let schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
          <xs:element name="List"><xs:complexType><xs:sequence>
            <xs:element name="Row" maxOccurs="unbounded"><xs:complexType><xs:sequence>
              <xs:element name="Id" type="xs:string"/>
              <xs:element name="Plate" type="xs:string"/>
              <xs:element name="Product"><xs:simpleType>
                <xs:restriction base="xs:string"><xs:maxLength value="12"/></xs:restriction>
              </xs:simpleType></xs:element>
            </xs:sequence></xs:complexType></xs:element>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """

    /// What is found with the elements of a row.
    private func findings(_ row: String) async throws -> [String] {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(
                """
                version: 1
                title: a list
                format: { kind: xml }
                files: [{ name: x.xml, skeleton: s.xml, schemas: [list.xsd] }]
                """,
                files: [
                    "list.xsd": Self.schema,
                    "s.xml": """
                    <t:skeleton xmlns:t="urn:occ-export:template"><List>
                      <Row t:for-each="transactions" t:as="row">\(row)</Row>
                    </List></t:skeleton>
                    """,
                ],
                in: folder
            )
            let findings = Findings()
            plan.proveSkeletons(findings)
            return (findings.errors + findings.warnings).map {
                $0.oneLine.replacing("\(folder)/t/", with: "")
            }
        }
    }

    @Test func `that is always valid is not spoken of`() async throws {
        let row =
            "<Id>${row.transactionId}</Id><Plate>${row.plateNumber.orValue('-')}</Plate><Product>${truncate(row.occProductName, 12)}</Product>"
        #expect(try await findings(row) == [])
    }

    @Test func `that is never valid is a mistake`() async throws {
        let row =
            "<Plate>${row.plateNumber}</Plate><Id>${row.transactionId}</Id><Product>x</Product>"
        #expect(
            try await findings(row) == [
                "template.yaml:4:34: files[1].skeleton: on made-up rows the document is wrong: Element 'Plate': This element is not expected. Expected is ( Id ). (line 2 of it) [xml]; mend the skeleton; occ-export render shows the document"
            ]
        )
    }

    @Test func `that is wrong without what may be absent is warned of`() async throws {
        let row =
            "<Id>${row.transactionId}</Id><Plate>${row.plateNumber}</Plate><Product>x</Product>"
        #expect(
            try await findings(row) == [
                "template.yaml:4:34: warning: files[1].skeleton: on made-up rows without what may be absent the document is wrong: Element 'Product': This element is not expected. Expected is ( Plate ). (line 2 of it) [xml]; mend the skeleton; occ-export render shows the document"
            ]
        )
    }

    @Test func `that is wrong with odd characters is warned of`() async throws {
        let row =
            "<Id>${row.transactionId}</Id><Plate>x</Plate><Product>${row.occProductName}</Product>"
        let found = try await findings(row)
        #expect(found.count == 1)
        #expect(
            found.first?.contains(
                "warning: files[1].skeleton: on made-up rows with odd characters the document is wrong: Element 'Product': [facet 'maxLength']"
            ) == true,
            "\(found)"
        )
    }
}
