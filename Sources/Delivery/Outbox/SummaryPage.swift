public import Transactions

/// `summary.html`: one self-contained page of a batch, for an accountant to read.
///
/// Personal data stand in it only as far as the batch's files have them: vehicles by plate number where
/// the template writes plates, cards and drivers never.
public struct SummaryPage {
    /// The page.
    public let text: String

    /// Makes the page of a batch.
    ///
    /// `zone`: the zone in which the time of its making is shown. `showsVehicles`: whether the batch's
    /// files show plate numbers.
    public init(
        _ manifest: Manifest,
        _ totals: BatchTotals,
        zone: TimeZoneRules,
        showsVehicles: Bool
    ) {
        var page = Page()
        page.head(manifest, zone)
        page.totals(manifest, totals, showsVehicles: showsVehicles)
        page.behind(manifest)
        page.files(manifest)
        text = page.text + "</main></body></html>\n"
    }
}

private struct Page {
    var text = ""

    private static let style = """
        :root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}
        main{max-width:62rem;margin:0 auto;padding:1.5rem}h1{font-size:1.4rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
        p{margin:.25rem 0}.quiet{opacity:.75}table{border-collapse:collapse;width:100%;margin:.25rem 0}
        th,td{padding:.3rem .6rem;border-bottom:1px solid color-mix(in srgb,CanvasText 18%,Canvas);text-align:left;vertical-align:top}
        th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;width:7.5rem}
        .z{visibility:hidden;user-select:none}.g{margin-right:.2em}
        tr.sum td{font-weight:600;border-top:2px solid color-mix(in srgb,CanvasText 40%,Canvas)}
        code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}.scroll{overflow-x:auto}
        @page{margin:15mm}
        @media print{:root{color-scheme:light}body{font-size:10pt}main{max-width:none;padding:0}.scroll{overflow:visible}
        h2{break-after:avoid}tr{break-inside:avoid}.n{width:auto}code{font-size:8pt}}
        """

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 0x20: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    mutating func head(_ manifest: Manifest, _ zone: TimeZoneRules) {
        let title = "\(manifest.export), batch \(manifest.number)"
        text += """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(Self.escaped(title))</title><style>\(Self.style)</style></head><body><main>
            <h1>\(Self.escaped(title))</h1>
            <p>\(Self.escaped(manifest.title))</p>

            """
        var made = manifest.created
        if let instant = UTCTimestamp(manifest.created) {
            let local = zone.localTime(at: instant)
            made = "\(local.date) \(Self.two(Int(local.hour))):\(Self.two(Int(local.minute)))"
        }
        var line = "Made \(made). \(manifest.transactions) rows"
        if manifest.rows.reversals > 0 || manifest.rows.replacements > 0 {
            line +=
                ": \(manifest.rows.originals) new, \(manifest.rows.reversals) reversed, \(manifest.rows.replacements) replaced"
        }
        if manifest.window.count == 2 {
            line += "; asked for \(manifest.window[0]) to \(manifest.window[1])"
        }
        text += "<p class=\"quiet\">\(Self.escaped(line)).</p>\n"
        if let of = manifest.of {
            text +=
                "<p><strong>This repeats batch \(of.map(String.init).joined(separator: ", ")); do not import both.</strong></p>\n"
        }
        for gap in manifest.acceptedGaps {
            text += "<p>Never fetched, as decided: \(Self.escaped(gap)).</p>\n"
        }
        for notice in manifest.notices ?? [] {
            text += "<p>\(Self.escaped(notice))</p>\n"
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    mutating func totals(_ manifest: Manifest, _ totals: BatchTotals, showsVehicles: Bool) {
        let currencies = totals.byCurrency.sorted { $0.key < $1.key }
        if totals.count == 0 {
            text += "<p>No transaction was due.</p>\n"
        } else {
            glance(currencies)
        }
        for (code, currency) in currencies {
            let name = code.isEmpty ? "no currency" : code
            // Litres and pieces add up to nothing: only a product's own quantity means something.
            table(
                "By product, \(name)",
                "Product",
                currency.byProduct,
                currency.all,
                hasQuantity: true
            )
            table("By VAT rate, \(name)", "VAT rate", Self.rates(currency.byRate), currency.all)
            if showsVehicles {
                table("By vehicle, \(name)", "Vehicle", currency.byVehicle, currency.all)
            }
        }
    }

    /// `24 %` for what the API writes as a percentage, the rest as it is.
    private static func rates(_ rates: [String: BatchTotals.Sums]) -> [String: BatchTotals.Sums] {
        var named: [String: BatchTotals.Sums] = [:]
        for (rate, sums) in rates {
            let isPercent = ExactDecimal(rate).map { $0 == .zero || !($0 < ExactDecimal(1)) }
            named[isPercent == true ? "\(rate) %" : rate] = sums
        }
        return named
    }

    /// All of it on one line a currency, and what it is when rounded to the cent.
    private mutating func glance(_ currencies: [(key: String, value: BatchTotals.Currency)]) {
        let sums = currencies.map(\.value.all)
        let columns = [sums.map(\.netAmount), sums.map(\.vatAmount), sums.map(\.totalPrice)]
        let places = columns.map { Self.places($0) }
        text +=
            "<h2>Totals</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Currency</th>"
        text += Self.headings(["Rows", "Net", "VAT", "Total"]) + "</tr></thead><tbody>\n"
        for (row, currency) in currencies.enumerated() {
            let name = currency.key.isEmpty ? "none" : currency.key
            text += "<tr><td>\(Self.escaped(name))</td><td class=\"n\">\(sums[row].count)</td>"
            for (column, places) in zip(columns, places) {
                text += "<td class=\"n\">\(Self.plain(column[row], places))</td>"
            }
            text += "</tr>\n"
        }
        text += "</tbody></table></div>\n"
        guard places.contains(4) else { return }
        text += "<p class=\"quiet\">Sums are exact: rows have up to four decimals."
        for (row, currency) in currencies.enumerated() {
            let rounded = columns.map { Self.plain($0[row].rounded(to: 2), 2) }
            text +=
                " Rounded to the cent: net \(rounded[0]), VAT \(rounded[1]), total \(rounded[2]) \(Self.escaped(currency.key))."
        }
        text += "</p>\n"
    }

    private static func headings(_ names: [String]) -> String {
        names.map { "<th class=\"n\" scope=\"col\">\($0)</th>" }.joined()
    }

    private mutating func table(
        _ title: String,
        _ first: String,
        _ rows: [String: BatchTotals.Sums],
        _ sum: BatchTotals.Sums,
        hasQuantity: Bool = false
    ) {
        let names = rows.keys.sorted()
        let all = names.compactMap { rows[$0] } + [sum]
        var columns = [all.map(\.netAmount), all.map(\.vatAmount), all.map(\.totalPrice)]
        if hasQuantity { columns.insert(all.dropLast().map(\.quantity), at: 0) }
        let places = columns.map { Self.places($0) }
        text += "<h2>\(Self.escaped(title))</h2><div class=\"scroll\"><table><thead><tr>"
        text += "<th scope=\"col\">\(first)</th>"
        text += Self.headings(
            ["Rows"] + (hasQuantity ? ["Quantity"] : []) + ["Net", "VAT", "Total"]
        )
        text += "</tr></thead><tbody>\n"
        for (index, sums) in all.enumerated() {
            let isSum = index == names.count
            if isSum, names.count < 2 { continue }
            let name = isSum ? "Together" : names[index].isEmpty ? "none" : names[index]
            text += "<tr\(isSum ? " class=\"sum\"" : "")><td>\(Self.escaped(name))</td>"
            text += "<td class=\"n\">\(sums.count)</td>"
            for (column, places) in zip(columns, places) {
                let cell = index < column.count ? Self.plain(column[index], places) : ""
                text += "<td class=\"n\">\(cell)</td>"
            }
            text += "</tr>\n"
        }
        text += "</tbody></table></div>\n"
    }

    /// The decimals of a column: two, or four where two do not hold all of it.
    private static func places(_ values: [ExactDecimal]) -> Int {
        values.contains { $0.significand(atScale: 2) == nil } ? 4 : 2
    }

    /// A number with two decimals, or four where two do not hold all; filled up so that points stand
    /// below one another, its thousands apart by a gap that copies as nothing.
    private static func plain(_ value: ExactDecimal, _ columnPlaces: Int) -> String {
        let own = value.significand(atScale: 2) == nil ? 4 : 2
        let text = value.rounded(to: own).description
        let parts = text.split(separator: ".", maxSplits: 1)
        var whole = String(parts.first ?? "0")
        let isNegative = whole.first == "-"
        if isNegative { whole.removeFirst() }
        var decimals = parts.count > 1 ? String(parts[1]) : ""
        while decimals.count < own { decimals += "0" }
        var groups: [Substring] = []
        var rest = whole[...]
        while rest.count > 3 {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        groups.insert(rest, at: 0)
        let grouped =
            groups.dropLast().map { "<span class=\"g\">\($0)</span>" }.joined()
            + (groups.last ?? "")
        let filler = columnPlaces > own ? "<span class=\"z\">00</span>" : ""
        return (isNegative ? "-" : "") + grouped + "." + decimals + filler
    }

    mutating func behind(_ manifest: Manifest) {
        if !manifest.held.isEmpty {
            text +=
                "<h2>Kept back</h2><table><thead><tr><th scope=\"col\">Reason</th>\(Self.headings(["Rows"]))</tr></thead><tbody>\n"
            for (reason, count) in manifest.held.sorted(by: { $0.key < $1.key }) {
                text +=
                    "<tr><td>\(Self.escaped(Self.words(reason)))</td><td class=\"n\">\(count)</td></tr>\n"
            }
            text += "</tbody></table>\n"
        }
        if !manifest.notMatching.isEmpty {
            text +=
                "<h2>Left out by the export's condition</h2><table><thead><tr><th scope=\"col\">Product type</th>\(Self.headings(["Rows"]))</tr></thead><tbody>\n"
            for (type, count) in manifest.notMatching.sorted(by: { $0.key < $1.key }) {
                text += "<tr><td>\(Self.escaped(type))</td><td class=\"n\">\(count)</td></tr>\n"
            }
            text += "</tbody></table>\n"
        }
        mentions("Rejected: to be mended", manifest.rejected)
        mentions("Changed at the source after export", manifest.changed)
        mentions("Invoiced since they were exported", manifest.invoiced)
        mentions("Gone, back, or under two contracts", manifest.vanished)
    }

    private static func words(_ reason: String) -> String {
        switch reason {
        case "waiting": "waits for a field that comes later, such as the invoice number"
        case "settle": "its invoice is not settled yet"
        case "missing": "was not in the last answer for its day"
        case "vanished": "is gone at the source"
        case "dropped": "was let go by a person"
        case "not-confirmed": "the charging session is not confirmed"
        case "two-contracts": "stands under two contracts with other content"
        case "changed": "a correction waits for a decision"
        default: reason
        }
    }

    private mutating func mentions(_ title: String, _ mentions: [Manifest.Mention]) {
        guard !mentions.isEmpty else { return }
        text +=
            "<h2>\(Self.escaped(title))</h2><table><thead><tr><th scope=\"col\">Transaction</th><th scope=\"col\">Why</th></tr></thead><tbody>\n"
        for mention in mentions.prefix(500) {
            let why = mention.message.map { "\(mention.reason): \($0)" } ?? mention.reason
            text +=
                "<tr><td>\(Self.escaped(mention.transactionId))</td><td>\(Self.escaped(why))</td></tr>\n"
        }
        text += "</tbody></table>\n"
        if mentions.count > 500 {
            text += "<p>And \(mentions.count - 500) more; the manifest names all.</p>\n"
        }
    }

    mutating func files(_ manifest: Manifest) {
        text +=
            "<h2>Files</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">File</th>"
        text += Self.headings(["Records", "Bytes"])
        text +=
            "<th scope=\"col\">SHA-256</th><th scope=\"col\">Control totals</th></tr></thead><tbody>\n"
        for file in manifest.resources {
            let totals = file.controlTotals.map { "\($0.name) \($0.written)" }
            let altered = file.substitutions.filter { $0.value > 0 }.sorted { $0.key < $1.key }
                .map { "\($0.value) texts altered (\($0.key))" }
            text += "<tr><td>\(Self.escaped(file.path))</td><td class=\"n\">\(file.records)</td>"
            text += "<td class=\"n\">\(file.bytes)</td>"
            text += "<td><code>\(Self.escaped(String(file.hash.dropFirst(7))))</code></td>"
            text += "<td>\(Self.escaped((totals + altered).joined(separator: ", ")))</td></tr>\n"
        }
        text += "</tbody></table></div>\n<p class=\"quiet\">\(Self.escaped(manifest.program)), "
        text +=
            "template \(Self.escaped(manifest.template)), batch id <code>\(Self.escaped(manifest.id))</code></p>\n"
    }
}
