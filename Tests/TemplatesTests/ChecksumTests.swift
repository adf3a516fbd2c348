import TestSupport
import Testing
import Transactions

@testable import Templates

/// `checksum` of a node against a sum computed here, bit by bit, from the finished file.
struct `The checksum of a node` {
    /// CRC-32 without a table: reflected polynomial EDB88320, start and end inverted.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }

    /// The fields of a line as SIE has them: parts in quotes, or what stands between blanks and braces.
    static func fields(of line: [UInt8]) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var rest = line[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "\"") {
                rest = rest.dropFirst()
                var field: [UInt8] = []
                while let inner = rest.first, inner != UInt8(ascii: "\"") {
                    rest = rest.dropFirst()
                    if inner == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "\"") {
                        rest = rest.dropFirst()
                        field.append(UInt8(ascii: "\""))
                    } else {
                        field.append(inner)
                    }
                }
                rest = rest.dropFirst()
                fields.append(field)
            } else if " \t\r{}".utf8.contains(byte) {
                rest = rest.dropFirst()
            } else {
                let field = rest.prefix { !" \t\r{}\"".utf8.contains($0) }
                rest = rest.dropFirst(field.count)
                fields.append(Array(field))
            }
        }
        return fields
    }

    private func template(_ extent: String, encoding: String = "cp437") -> String {
        """
        version: 1
        title: t
        format: { kind: text, encoding: \(encoding), unmappable: transliterate, escape: { '"': '\\"' }, control_characters: blank, number: { decimals: 4 } }
        files:
          - name: x.txt
            records:
              - lines: "#OPEN"
              - checksum: { name: seal, algorithm: crc-32, of: \(extent) }
                records:
                  - for_each: transactions
                    lines: '#ROW ${transactionId} {1 "${driverName.orValue('''')}" 20 "a b"}\t{ } ${netAmount}'
                  - lines: "}"
              - lines: "#CLOSE ${seal}"
        """
    }

    /// More lines than the buffer between renderer and sink holds.
    @Test(arguments: [40, 8000]) func `counts tokens as SIE counts them`(_ count: Int) async throws
    {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(template("tokens"), in: folder)
            let outcome = try TemplateHarness.render(plan, RowMaker.rows(count))
            let lines = try #require(outcome.contents["x.txt"]).split(separator: 0x0A)
            // A driver has letters that CP437 lacks.
            #expect(lines.count == count + 3 - outcome.rendering.rejected.count)
            #expect(lines.dropFirst().first?.contains(UInt8(ascii: "{")) == true)
            let counted = lines.dropFirst().dropLast().flatMap {
                Self.fields(of: Array($0)).flatMap { $0 }
            }
            let written = String(decoding: try #require(lines.last), as: UTF8.self)
            #expect(written == "#CLOSE \(Self.crc32(counted))")
            #expect(outcome.text("x.txt").contains("\\\"pikk\\\""), "no quote was escaped")
        }
    }

    @Test func `counts every byte`() async throws {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(template("bytes"), in: folder)
            let outcome = try TemplateHarness.render(plan, RowMaker.rows(5000))
            let bytes = try #require(outcome.contents["x.txt"])
            let end = try #require(bytes.lastIndex(of: UInt8(ascii: "#")))
            let sum = Self.crc32(Array(bytes["#OPEN\n".utf8.count..<end]))
            #expect(outcome.text("x.txt").hasSuffix("#CLOSE \(sum)\n"))
        }
    }

    /// The value that the CRC's own catalogue gives for `123456789`.
    @Test func `is CRC-32 as it is known`() {
        #expect(RunningChecksum.crc32(Array("123456789".utf8)[...], after: 0) == 0xCBF4_3926)
        #expect(Self.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    /// A rejected document does not count: the file is written anew without it.
    @Test func `covers only what stays`() async throws {
        try await withTemporaryDirectory { folder in
            let yaml = template("tokens").replacing(
                "lines: '#ROW",
                with: """
                    checks: [{ that: "netAmount > 0" }]
                                lines: '#ROW
                    """
            )
            let plan = try TemplateHarness.plan(yaml, in: folder)
            let outcome = try TemplateHarness.render(plan, RowMaker.rows(60))
            #expect(!outcome.rendering.rejected.isEmpty)
            let lines = try #require(outcome.contents["x.txt"]).split(separator: 0x0A)
            let counted = lines.dropFirst().dropLast().flatMap {
                Self.fields(of: Array($0)).flatMap { $0 }
            }
            #expect(outcome.text("x.txt").hasSuffix("#CLOSE \(Self.crc32(counted))\n"))
        }
    }

    struct Mistake: CustomTestStringConvertible {
        let testDescription: String
        let records: String
        let message: String
    }

    static let mistakes = [
        Mistake(
            testDescription: "in a loop",
            records: """
                      - checksum: { name: seal, algorithm: crc-32 }
                        for_each: transactions
                        records: [{ lines: x }]
                """,
            message: """
                template.yaml:7:19: files[1].records[1].checksum: checksum belongs to a node with records that is written once [writing]; put records: [...] around what it covers, for_each and when inside
                """
        ),
        Mistake(
            testDescription: "another algorithm",
            records: """
                      - checksum: { name: seal, algorithm: crc-16 }
                        records: [{ lines: x }]
                """,
            message: """
                template.yaml:7:44: files[1].records[1].checksum.algorithm: 'crc-16' is not one of crc-32 [unknown-word]; did you mean 'crc-32'?
                """
        ),
        Mistake(
            testDescription: "its name inside",
            records: """
                      - checksum: { name: seal, algorithm: crc-32 }
                        records: [{ lines: "${seal}" }]
                """,
            message: """
                template.yaml:8:31: files[1].records[1].records[1].lines: there is no 'seal' here [unknown-name]; mend the expression
                """
        ),
        Mistake(
            testDescription: "a name that is taken",
            records: """
                      - checksum: { name: batch, algorithm: crc-32 }
                        records: [{ lines: x }]
                """,
            message: """
                template.yaml:7:27: files[1].records[1].checksum.name: 'batch' has a meaning here already [hidden-name]; choose another name
                """
        ),
    ]

    @Test(arguments: mistakes) func `is refused where it has no meaning`(_ mistake: Mistake)
        async throws
    {
        try await withTemporaryDirectory { folder in
            let yaml = """
                version: 1
                title: t
                format: { kind: text }
                files:
                  - name: x.txt
                    records:
                \(mistake.records)
                """
            let error = #expect(throws: Diagnostic.self) {
                _ = try TemplateHarness.plan(yaml, in: folder)
            }
            let text = error?.oneLine.split(separator: "/").last.map(String.init) ?? ""
            #expect(text == mistake.message)
        }
    }
}
