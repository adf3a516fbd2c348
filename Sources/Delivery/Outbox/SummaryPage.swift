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
        p{margin:.25rem 0}.quiet{opacity:.7}table{border-collapse:collapse;width:100%;margin:.25rem 0}
        th,td{padding:.3rem .6rem;border-bottom:1px solid color-mix(in srgb,CanvasText 18%,Canvas);text-align:left;vertical-align:top}
        th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        tr.sum td{font-weight:600;border-top:2px solid color-mix(in srgb,CanvasText 40%,Canvas)}
        code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}.scroll{overflow-x:auto}
        @media print{main{max-width:none;padding:0}}
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
        for (code, currency) in totals.byCurrency.sorted(by: { $0.key < $1.key }) {
            let name = code.isEmpty ? "no currency" : code
            table("By product, \(name)", "Product", currency.byProduct, currency.all)
            table("By VAT rate, \(name)", "VAT rate", currency.byRate, currency.all)
            if showsVehicles {
                table("By vehicle, \(name)", "Vehicle", currency.byVehicle, currency.all)
            }
        }
        if totals.count == 0 { text += "<p>No transaction was due.</p>\n" }
    }

    private mutating func table(
        _ title: String,
        _ first: String,
        _ rows: [String: BatchTotals.Sums],
        _ sum: BatchTotals.Sums
    ) {
        text += "<h2>\(Self.escaped(title))</h2><div class=\"scroll\"><table><tr>"
        text += "<th>\(first)</th><th class=\"n\">Rows</th><th class=\"n\">Quantity</th>"
        text += "<th class=\"n\">Net</th><th class=\"n\">VAT</th><th class=\"n\">Total</th></tr>\n"
        for (name, sums) in rows.sorted(by: { $0.key < $1.key }) {
            text += Self.row(name.isEmpty ? "none" : name, sums, isSum: false)
        }
        if rows.count > 1 { text += Self.row("Together", sum, isSum: true) }
        text += "</table></div>\n"
    }

    private static func row(_ name: String, _ sums: BatchTotals.Sums, isSum: Bool) -> String {
        let numbers = [
            "\(sums.count)", plain(sums.quantity), plain(sums.netAmount), plain(sums.vatAmount),
            plain(sums.totalPrice),
        ]
        return "<tr\(isSum ? " class=\"sum\"" : "")><td>\(escaped(name))</td>"
            + numbers.map { "<td class=\"n\">\($0)</td>" }.joined() + "</tr>\n"
    }

    /// Two decimals, or four where two do not hold all.
    private static func plain(_ value: ExactDecimal) -> String {
        let text = value.normalized.description
        guard let point = text.firstIndex(of: ".") else { return text + ".00" }
        let places = text.distance(from: point, to: text.endIndex) - 1
        return text + String(repeating: "0", count: max(0, (places > 2 ? 4 : 2) - places))
    }

    mutating func behind(_ manifest: Manifest) {
        if !manifest.held.isEmpty {
            text += "<h2>Kept back</h2><table><tr><th>Reason</th><th class=\"n\">Rows</th></tr>\n"
            for (reason, count) in manifest.held.sorted(by: { $0.key < $1.key }) {
                text +=
                    "<tr><td>\(Self.escaped(Self.words(reason)))</td><td class=\"n\">\(count)</td></tr>\n"
            }
            text += "</table>\n"
        }
        if !manifest.notMatching.isEmpty {
            text +=
                "<h2>Left out by the export's condition</h2><table><tr><th>Product type</th><th class=\"n\">Rows</th></tr>\n"
            for (type, count) in manifest.notMatching.sorted(by: { $0.key < $1.key }) {
                text += "<tr><td>\(Self.escaped(type))</td><td class=\"n\">\(count)</td></tr>\n"
            }
            text += "</table>\n"
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
        text += "<h2>\(Self.escaped(title))</h2><table><tr><th>Transaction</th><th>Why</th></tr>\n"
        for mention in mentions.prefix(500) {
            let why = mention.message.map { "\(mention.reason): \($0)" } ?? mention.reason
            text +=
                "<tr><td>\(Self.escaped(mention.transactionId))</td><td>\(Self.escaped(why))</td></tr>\n"
        }
        text += "</table>\n"
        if mentions.count > 500 {
            text += "<p>And \(mentions.count - 500) more; the manifest names all.</p>\n"
        }
    }

    mutating func files(_ manifest: Manifest) {
        text +=
            "<h2>Files</h2><div class=\"scroll\"><table><tr><th>File</th><th class=\"n\">Records</th>"
        text += "<th class=\"n\">Bytes</th><th>SHA-256</th><th>Control totals</th></tr>\n"
        for file in manifest.resources {
            let totals = file.controlTotals.map { "\($0.name) \($0.written)" }
            let altered = file.substitutions.filter { $0.value > 0 }.sorted { $0.key < $1.key }
                .map { "\($0.value) texts altered (\($0.key))" }
            text += "<tr><td>\(Self.escaped(file.path))</td><td class=\"n\">\(file.records)</td>"
            text += "<td class=\"n\">\(file.bytes)</td>"
            text += "<td><code>\(Self.escaped(String(file.hash.dropFirst(7))))</code></td>"
            text += "<td>\(Self.escaped((totals + altered).joined(separator: ", ")))</td></tr>\n"
        }
        text += "</table></div>\n<p class=\"quiet\">\(Self.escaped(manifest.program)), "
        text +=
            "template \(Self.escaped(manifest.template)), batch id <code>\(Self.escaped(manifest.id))</code></p>\n"
    }
}
