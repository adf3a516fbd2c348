import Invoices
import Testing
import Transactions

/// What the official rules say of the documents that our rules refuse.
struct `Our rules and the official ones` {
    @Test(.officialRules)
    func `agree on broken documents`() async throws {
        let format = Format.all[0]
        let rendering = try FormatRendering(format.template, parameters: format.parameters)
        var documents: [(name: String, text: String)] = []
        for (place, mutation) in mutations.enumerated() {
            let invoice = try mutation.broken()
            documents.append(
                (name: "\(place).xml", text: try rendering.document(invoice, rows: []))
            )
        }
        let findings = try await OfficialRules.findings(format.validation, documents)
        var official: [Int: [String]] = [:]
        for finding in findings {
            let place = Int(finding.file.split(separator: ".")[0]) ?? -1
            let rule = finding.rule.split(separator: " ").last.map(String.init) ?? ""
            official[place, default: []].append(
                rule.hasPrefix("PEPPOL-EN16931-") ? String(rule.dropFirst(15)) : rule
            )
        }
        print("rule | official rules on the same document | agreement")
        for (place, mutation) in mutations.enumerated() {
            let found = official[place] ?? []
            let isSame = found.contains(mutation.rule)
            let reason = differences[mutation.rule]
            print(
                "\(mutation.rule) | \(found.joined(separator: " ")) | "
                    + (isSame ? "same" : reason ?? "DIFFERENT")
            )
            #expect(isSame || reason != nil, "\(mutation.rule): \(found)")
            #expect(
                !isSame || reason == nil,
                "\(mutation.rule) agrees; drop it from the differences"
            )
        }
        let same = mutations.indices.filter { official[$0]?.contains(mutations[$0].rule) ?? false }
        print("\(same.count) of \(mutations.count) mutations are refused by the same rule")
    }
}

/// Why a rule of ours has no counterpart of its id on the same document.
private let differences: [String: String] = [:]
