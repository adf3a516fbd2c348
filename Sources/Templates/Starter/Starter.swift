public import Transactions

/// A template to begin with when there is no example file: every usual key, explained.
public enum Starter: String, CaseIterable, Sendable {
    /// Delimited text with a header row.
    case csv
    /// Header, detail and trailer records of one length.
    case fixed
    /// A skeleton with a loop.
    case xml
    /// Lines of text.
    case text
    /// One JSON object a line.
    case json

    /// The folder's files for a feed.
    public func template(named name: String, feed: Feed) -> StarterTemplate {
        let part = feed.fields.contains(.currency)
        let group =
            part
            ? "    for_each: transactions            # one file for each currency\n"
                + "    group_by: [currency]\n    as: part\n" : ""
        let suffix = part ? "_${part.currency}_${batch.number}" : "_${batch.number}"
        let opening = """
            # Change what is here, then: template check, template preview, template test.
            version: 1
            title: \(title)                # one line: what it makes, for whom
            feed: \(feed.rawValue)

            """
        let source = part ? "part.transactions" : "transactions"
        let written = part ? "part.written" : "written"
        let text =
            opening
            + body(feed).replacing("@GROUP@\n", with: group).replacing("@SUFFIX@", with: suffix)
            .replacing("@ROWS@", with: source).replacing("@WRITTEN@", with: written)
            .replacing("@FIELDS@\n", with: fields(feed))
        return StarterTemplate(
            template: text,
            others: self == .xml ? [("skeleton.xml", skeleton(feed, source))] : [],
            name: name,
            feed: feed,
            guesses: []
        )
    }

    private var title: String {
        switch self {
        case .csv: "One line a transaction, with a header row"
        case .fixed: "Header, detail and trailer records of 120 bytes"
        case .xml: "An XML list of transactions"
        case .text: "Lines of text"
        case .json: "One JSON object a transaction, one a line"
        }
    }

    /// The fields of each starter: name, expression, width, what differs from the format.
    private func columns(_ feed: Feed) -> [(name: String, value: String, width: Int, more: String)]
    {
        var columns: [(name: String, value: String, width: Int, more: String)] = [
            ("transaction", "transactionId", 20, ""),
            ("date", "date(transactionTime)", 8, ""), ("station", "stationId", 10, ""),
        ]
        if feed == .evTransactions {
            columns += [
                ("charger", "chargerId", 20, ""), ("quantity", "round(quantity, 2)", 12, ""),
            ]
            return columns
        }
        columns += [
            ("product", "occProductCode", 10, ""), ("quantity", "round(quantity, 2)", 12, ""),
            ("net", "round(netAmount, 2)", 14, ""), ("vat", "round(vatAmount, 2)", 14, ""),
            ("total", "round(totalPrice, 2)", 14, ""),
        ]
        return columns
    }

    private func fields(_ feed: Feed) -> String {
        columns(feed).map { column in
            let width = self == .fixed ? ", width: \(column.width)" : ""
            return
                "          - { name: \(column.name), value: \(StarterText.scalar(column.value))\(width)\(column.more) }\n"
        }.joined()
    }

    private func skeleton(_ feed: Feed, _ rows: String) -> String {
        let elements = columns(feed).map { column in
            "      <\(column.name)>${row.\(column.value)}</\(column.name)>\n"
                .replacing("row.round(", with: "round(row.").replacing(
                    "row.date(",
                    with: "date(row."
                )
        }.joined()
        return """
            <t:skeleton xmlns:t="urn:occ-export:template">
              <Transactions>
                <Count>${\(rows).size()}</Count>
                <Transaction t:for-each="\(rows)" t:as="row">
            \(elements.split(separator: "\n").map { String($0) }.joined(separator: "\n"))
                </Transaction>
              </Transactions>
            </t:skeleton>

            """
    }

    private func body(_ feed: Feed) -> String {
        switch self {
        case .csv: Self.csvBody
        case .fixed: Self.fixedBody(feed)
        case .xml: Self.xmlBody
        case .text: Self.textBody(feed)
        case .json: Self.jsonBody
        }
    }

    private static let csvBody = #"""
        format:
          kind: delimited
          encoding: utf-8                     # windows-1257, cp775 ... : what the target reads
          byte_order_mark: false              # true: spreadsheets see that it is UTF-8
          line_end: crlf                      # or lf
          delimiter: ";"
          quote: when_needed                  # or text, always, never
          formulas: apostrophe                # a driver called =1+1 is written '=1+1; machines want keep
          control_characters: blank           # a line end inside a name becomes a blank
          absent: ""                          # what a row does not have is an empty cell
          number: { decimals: 2, decimal_mark: "," }
          date: { pattern: dd.MM.yyyy }
        files:
          - name: transactions@SUFFIX@.csv
        @GROUP@
            records:
              - names_of: row                 # the header row
              - id: row
                for_each: @ROWS@
                fields:
        @FIELDS@

        """#

    private static func fixedBody(_ feed: Feed) -> String {
        let total =
            feed == .evTransactions
            ? "" : "          - { value: \"@WRITTEN@.detail.map(r, r.total).sum()\", width: 16 }\n"
        return #"""
            format:
              kind: fixed_width
              encoding: windows-1257
              unmappable: transliterate           # a letter the encoding lacks loses its marks; counted
              line_end: crlf
              record_length: 120                  # proven when the template is checked
              control_characters: blank
              absent: ""
              text: { align: left, pad: " ", overflow: reject }     # cut lets long texts be cut; keys never
              date: { pattern: yyyyMMdd }
              number: { decimals: 2, decimal_mark: implied, sign: plus_minus, align: right, pad: "0", overflow: reject }
            files:
              - name: transactions@SUFFIX@.dat
            @GROUP@
                records:
                  - fields:                       # before the loop: a header
                      - { text: H, width: 1 }
                      - { value: batch.day, width: 8 }
                      - { width: rest }
                  - id: detail
                    for_each: @ROWS@
                    fields:
                      - { text: D, width: 1 }
            @FIELDS@
                      - { width: rest }
                  - fields:                       # after it: a trailer
                      - { text: T, width: 1 }
                      - { value: @WRITTEN@.detail.size(), width: 9, sign: unsigned }

            """# + total + "          - { width: rest }\n"
    }

    private static let xmlBody = #"""
        format:
          kind: xml
          encoding: utf-8
          indent: true
          control_characters: blank
          number: { decimals: 2, decimal_mark: "." }
          date: { pattern: yyyy-MM-dd }
        files:
          - name: transactions@SUFFIX@.xml
        @GROUP@
            skeleton: skeleton.xml              # the document with holes: ${expression}, t:for-each

        """#

    private static func textBody(_ feed: Feed) -> String {
        let amount = feed == .evTransactions ? "" : "  ${round(totalPrice, 2)} ${currency}"
        return #"""
            format:
              kind: text
              encoding: utf-8
              line_end: lf
              control_characters: blank
              absent: "-"
              escape: { ";": "," }                # the target's own signs inside a value
              number: { decimals: 2, decimal_mark: "." }
              date: { pattern: yyyy-MM-dd }
            files:
              - name: transactions@SUFFIX@.txt
            @GROUP@
                records:
                  - lines: "batch ${batch.id}"
                  - id: row
                    for_each: @ROWS@
                    lines: "${date(transactionTime)} ${stationId} ${transactionId}\#(amount)"

            """#
    }

    private static let jsonBody = #"""
        format:
          kind: json
          framing: lines                        # one object a line; array: one array of all
          encoding: utf-8
          line_end: lf
          control_characters: keep              # JSON escapes them
          number: { decimals: 2, decimal_mark: "." }
          date: { pattern: yyyy-MM-dd }         # what a row does not have is left out
        files:
          - name: transactions@SUFFIX@.jsonl
        @GROUP@
            records:
              - id: row
                for_each: @ROWS@
                fields:
        @FIELDS@

        """#
}
