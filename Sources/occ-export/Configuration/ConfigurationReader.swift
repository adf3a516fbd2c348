internal import Delivery
internal import Expressions
internal import FoundationEssentials
internal import OCCClient
internal import Templates
internal import Transactions

extension Configuration {
    /// Reads and checks a configuration file.
    ///
    /// - Throws: `Diagnostic` with the place of the first thing that is wrong.
    init(file: String) throws(Diagnostic) {
        guard FileManager.default.fileExists(atPath: file) else {
            throw Diagnostic(
                "unreadable",
                "there is no such file",
                cure: "name the configuration with --config FILE or OCC_EXPORT_CONFIG",
                file: file
            )
        }
        let root = try YAMLReader.read(file: file)
        self.file = file
        var folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        if folder.isEmpty { folder = file.hasPrefix("/") ? "/" : "." }
        func resolved(_ path: String) -> String {
            if path.hasPrefix("/") { return path }
            let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
            return folder == "." && !relative.isEmpty ? relative : "\(folder)/\(relative)"
        }
        let fields = try root.fields([
            "version", "source", "time_zone", "state", "outbox", "retention",
            "allow_network_state", "allow_open_folders", "exports",
        ])
        guard let version = fields["version"] else { throw root.missing("version", "1") }
        guard try version.text() == "1" else {
            throw version.diagnostic(
                "version",
                "configuration version '\(try version.text())' is not known",
                cure: "the highest version this program reads is 1"
            )
        }
        guard let sourceNode = fields["source"] else {
            throw root.missing("source", "{ base_url: ..., access_id: ..., psk_file: ... }")
        }
        source = try Self.source(sourceNode, resolved)
        let zone = try fields["time_zone"]?.text() ?? "Europe/Tallinn"
        do throws(TimeZoneRules.ReadingError) {
            timeZone = try TimeZoneRules(identifier: zone)
        } catch {
            throw (fields["time_zone"] ?? root).diagnostic("time-zone", error.description)
        }
        guard let stateNode = fields["state"] else { throw root.missing("state", "./state") }
        guard let outboxNode = fields["outbox"] else { throw root.missing("outbox", "./outbox") }
        state = resolved(try stateNode.text())
        outbox = resolved(try outboxNode.text())
        let (ours, theirs) = (RealPath(state), RealPath(outbox))
        guard !ours.isWithin(theirs), !theirs.isWithin(ours) else {
            throw outboxNode.diagnostic(
                "folders",
                "the outbox '\(outbox)' and the state '\(state)' are one folder, or one lies in the other, so that consumers would get at ledger and archive",
                cure: "name two folders beside each other"
            )
        }
        retention = try fields["retention"].map(Self.period) ?? Period(months: 7 * 12, days: 0)
        allowsNetworkState = try fields["allow_network_state"]?.bool() ?? false
        allowsOpenFolders = try fields["allow_open_folders"]?.bool() ?? false
        guard let exportsNode = fields["exports"] else { throw root.missing("exports", "a list") }
        var exports: [Export] = []
        for element in try exportsNode.elements() {
            let export = try Self.export(element, resolved)
            guard !exports.contains(where: { $0.name == export.name }) else {
                throw element.diagnostic("doubled-name", "there are two exports '\(export.name)'")
            }
            exports.append(export)
        }
        guard !exports.isEmpty else {
            throw exportsNode.diagnostic("missing-key", "there is no export")
        }
        self.exports = exports
    }

    private static func source(_ node: YAMLNode, _ resolved: (String) -> String) throws(Diagnostic)
        -> Source
    {
        for (key, value) in try node.entries() where try key.text() == "psk" {
            // Without the excerpt, which would show the key on the terminal.
            throw Diagnostic(
                "secret",
                "the pre-shared key itself never stands in a configuration",
                cure: "write it to a file that only the job's user reads, and name it: psk_file",
                file: value.document.file,
                line: key.line,
                column: key.column,
                path: value.path
            )
        }
        let fields = try node.fields([
            "base_url", "access_id", "psk_file", "psk_env", "contracts", "method",
            "max_concurrent", "pause", "ca_file", "proxy", "crm_account_id", "signing",
        ])
        guard let url = fields["base_url"] else {
            throw node.missing("base_url", "https://occ.example.com/api/v1")
        }
        guard let accessNode = fields["access_id"] else { throw node.missing("access_id", "...") }
        let access = try accessNode.text()
        guard !access.isEmpty, access.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3A })
        else { throw accessNode.diagnostic("type", "the access id has characters no header takes") }
        var client: ClientConfiguration
        do throws(OCCClientError) {
            client = try ClientConfiguration(baseURL: try urlText(url), accessId: access)
        } catch {
            throw url.diagnostic("address", error.message)
        }
        if let method = fields["method"] {
            client.method = try method.word(ClientConfiguration.Method.self)
        }
        if let most = fields["max_concurrent"] { client.mostConcurrent = try most.int(in: 1...4) }
        if let pause = fields["pause"] { client.pause = try milliseconds(pause) }
        client.authorityFile = try fields["ca_file"].map { node throws(Diagnostic) in
            resolved(try node.text())
        }
        if let proxy = fields["proxy"] {
            do throws(OCCClientError) {
                client.proxy = try ClientConfiguration.Proxy(try urlText(proxy))
            } catch {
                throw proxy.diagnostic("address", error.message)
            }
        }
        if let account = fields["crm_account_id"] {
            let text = try account.text()
            guard ClientConfiguration.isContractNumber(text) else {
                throw account.diagnostic("type", "the id has characters that need encoding")
            }
            client.crmAccountId = text
        }
        if let signing = fields["signing"] {
            let parts = try signing.fields(["empty_body_md5", "uri"])
            if let node = parts["empty_body_md5"] {
                client.emptyBody = try node.word(RequestSigner.EmptyBody.self)
            }
            if let node = parts["uri"] { client.target = try node.word(RequestSigner.Target.self) }
        }
        if let file = fields["psk_file"], fields["psk_env"] != nil {
            throw file.diagnostic("writing", "psk_file and psk_env exclude each other")
        }
        return Source(
            client: client,
            pskFile: try fields["psk_file"].map { node throws(Diagnostic) in
                resolved(try node.text())
            },
            pskVariable: try fields["psk_env"]?.text(),
            contracts: try contracts(fields["contracts"])
        )
    }

    private static func urlText(_ node: YAMLNode) throws(OCCClientError) -> String {
        do throws(Diagnostic) {
            return try node.text()
        } catch {
            return ""
        }
    }

    private static func contracts(_ node: YAMLNode?) throws(Diagnostic) -> [String]? {
        guard let node else { return nil }
        if case .scalar("all", _) = node.content { return nil }
        var numbers: Set<String> = []
        for element in try node.elements() {
            let number = try element.text()
            guard ClientConfiguration.isContractNumber(number) else {
                throw element.diagnostic(
                    "contract",
                    "'\(number)' is no contract number",
                    cure: "letters, digits and . _ - only, at most 64"
                )
            }
            numbers.insert(number)
        }
        guard !numbers.isEmpty else {
            throw node.diagnostic("contract", "the list is empty", cure: "write all, or list some")
        }
        return numbers.sorted()
    }

    private static func milliseconds(_ node: YAMLNode) throws(Diagnostic) -> Int {
        let text = try node.text()
        let isSeconds = text.hasSuffix("s") && !text.hasSuffix("ms")
        guard text.hasSuffix("s"), let number = Int(text.dropLast(isSeconds ? 1 : 2)),
            (0...600_000).contains(number)
        else { throw node.diagnostic("type", "'\(text)' is no time such as 250ms or 2s") }
        return isSeconds ? number * 1_000 : number
    }

    private static func export(_ node: YAMLNode, _ resolved: (String) -> String) throws(Diagnostic)
        -> Export
    {
        let fields = try node.fields(
            [
                "name", "template", "start", "layout", "when", "folder", "empty_batch",
                "parameters", "lookups", "on_change", "on_invoiced", "settle", "corrections",
                "collect_within", "invoice",
            ]
        )
        guard let nameNode = fields["name"] else { throw node.missing("name", "purchases") }
        let name = try nameNode.text()
        guard isName(name, longest: 40) else {
            throw nameNode.diagnostic(
                "name",
                "'\(name)' is no name of an export",
                cure: "lower-case letters, digits and dashes, at most 40"
            )
        }
        guard let template = fields["template"] else {
            throw node.missing("template", "templates/...")
        }
        guard let startNode = fields["start"] else {
            throw node.missing("start", "2026-11-01, the first day to export")
        }
        guard let start = CalendarDate(try startNode.text()) else {
            throw startNode.diagnostic("type", "'\(try startNode.text())' is no day as yyyy-MM-dd")
        }
        var folder = ""
        if let node = fields["folder"] {
            folder = try node.text()
            guard
                folder.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({
                    isName(String($0).lowercased(), longest: 60)
                })
            else {
                throw node.diagnostic(
                    "name",
                    "'\(folder)' is no folder of the outbox",
                    cure: "letters, digits and dashes, '/' between; nothing outside the outbox"
                )
            }
        }
        var lookups: [String: String] = [:]
        for (key, value) in try fields["lookups"]?.entries() ?? [] {
            lookups[try key.text()] = resolved(try value.text())
        }
        return Export(
            name: name,
            template: resolved(try template.text()),
            start: start,
            layout: try fields["layout"]?.word(BatchEntry.Layout.self) ?? .directory,
            settleDays: try fields["settle"].map(days) ?? 0,
            onChange: try fields["on_change"]?.word(OnChange.self) ?? .report,
            onInvoiced: try fields["on_invoiced"]?.word(OnInvoiced.self) ?? .record,
            corrections: try fields["corrections"]?.word(Corrections.self) ?? .regular,
            collectWithin: try fields["collect_within"].map(days),
            when: fields["when"],
            folder: folder,
            emptyBatch: try fields["empty_batch"]?.bool() ?? false,
            parameters: fields["parameters"],
            lookups: lookups,
            invoice: try fields["invoice"].map { node throws(Diagnostic) in
                try InvoiceConfiguration(node, resolved)
            },
            node: node
        )
    }

    private static func isName(_ text: String, longest: Int) -> Bool {
        (1...longest).contains(text.utf8.count) && text.utf8.first != 0x2D
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
            }
    }

    /// Days as ISO 8601 writes them: `P3D`.
    private static func days(_ node: YAMLNode) throws(Diagnostic) -> Int {
        let text = try node.text()
        guard let period = period(text), period.months == 0 else {
            throw node.diagnostic(
                "type",
                "'\(text)' is no number of days such as P3D",
                cure: UInt16(text).map { "P\($0)D" } ?? "whole days or weeks: P3D, P2W"
            )
        }
        return period.days
    }

    private static func period(_ node: YAMLNode) throws(Diagnostic) -> Period {
        let text = try node.text()
        guard let period = period(text) else {
            throw node.diagnostic(
                "type",
                "'\(text)' is no period such as P7Y, P18M or P90D",
                cure: "years, months, weeks or days, one of them"
            )
        }
        return period
    }

    private static func period(_ text: String) -> Period? {
        guard text.hasPrefix("P"), let unit = text.last,
            let number = Int(text.dropFirst().dropLast()), (0...10_000).contains(number)
        else { return nil }
        switch unit {
        case "Y": return Period(months: number * 12, days: 0)
        case "M": return Period(months: number, days: 0)
        case "W": return Period(months: 0, days: number * 7)
        case "D": return Period(months: 0, days: number)
        default: return nil
        }
    }
}
