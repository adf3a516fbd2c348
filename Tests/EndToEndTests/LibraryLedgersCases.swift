internal import Foundation
import TestSupport
import Testing

/// A ledger template of the library with what it needs, who reads it, and how it is broken.
struct LedgerCase: CustomTestStringConvertible, Sendable {
    /// A change that the reader must refuse: bytes, as Latin-1, and what stands in their place.
    struct Damage: Sendable {
        let what: String
        let old: String
        let new: String
    }

    let template: String
    /// Parameters in YAML's flow style.
    let parameters: String
    let lookups: [String]
    /// How the names of the files to read end, and the kinds of reader that read each.
    let suffix: String
    let kinds: [String]
    /// The control total of the manifest that the reader's sum must be.
    let total: String
    /// Whether a second night sends reversals.
    var takesReversals = true
    let damages: [Damage]

    /// What tells it from another case of the template.
    var variant = ""

    var testDescription: String { template + variant }

    static let ledger = ["products", "vehicles", "taxes"]

    static let all: [LedgerCase] = [
        LedgerCase(
            template: "sie-4i",
            parameters:
                "{ company: Åkeri & Måleri AB, expenseAccount: \"5619\", privateAccount: \"2013\" }",
            lookups: ledger + ["accounts"],
            suffix: ".si",
            kinds: ["sie"],
            total: "payable",
            damages: [
                Damage(what: "an amount", old: "} -", new: "} -1"),
                Damage(what: "an undeclared object", old: "{1 \"", new: "{1 \"x"),
                Damage(what: "Latin-1", old: "\u{94}", new: "\u{F6}"),
                Damage(what: "a comma", old: ".00 2026", new: ",00 2026"),
            ]
        ),
        LedgerCase(
            template: "sie-4i",
            parameters:
                "{ company: Åkeri & Måleri AB, expenseAccount: \"5619\", privateAccount: \"2013\", checksum: true }",
            lookups: ledger + ["accounts"],
            suffix: ".si",
            kinds: ["sie"],
            total: "payable",
            damages: [
                // Nothing else is wrong with this file: the reader sees it by #KSUMMA alone.
                Damage(what: "a letter of a text", old: "\"Moms 24", new: "\"Mums 24"),
                Damage(what: "the sum", old: "#KSUMMA ", new: "#KSUMMA 1"),
            ],
            variant: " with #KSUMMA"
        ),
        LedgerCase(
            template: "datev-extf-700",
            parameters:
                "{ adviser: 29098, client: 55003, creditor: \"70001\", expenseAccount: \"4580\", privateAccount: \"1800\" }",
            lookups: ledger + ["exchange"],
            suffix: ".csv",
            kinds: ["datev"],
            total: "payableInBooks",
            damages: [
                Damage(what: "a point", old: ",00;\"S\"", new: ".00;\"S\""),
                Damage(what: "a date of another month", old: ";\"\";0", new: ";\"\";9"),
                Damage(what: "a minus", old: "\r\n1", new: "\r\n-1"),
                Damage(what: "line ends", old: "\r\n", new: "\n"),
            ]
        ),
        LedgerCase(
            template: "unit4-gl07",
            parameters:
                "{ client: NV1, firstVoucher: 700001, supplier: ALEXELA, creditorAccount: \"201000\", expenseAccount: \"4590\", privateAccount: \"158000\" }",
            lookups: ledger + ["exchange"],
            suffix: ".dat",
            kinds: ["gl07"],
            total: "payable",
            damages: [
                Damage(what: "a byte less", old: " \r\n", new: "\r\n"),
                Damage(what: "UTF-8", old: "\u{FC}", new: "\u{C3}\u{BC}"),
                Damage(what: "a month 13", old: "20261118", new: "20261318"),
                Damage(what: "a kind of row that is none", old: "   APNV1", new: "   AXNV1"),
                Damage(what: "an amount", old: "-1 ", new: "-11"),
            ]
        ),
        LedgerCase(
            template: "hledger",
            parameters: "{ otherCostCentre: none }",
            lookups: ledger,
            suffix: ".journal",
            kinds: ["hledger", "ledger"],
            total: "payable",
            damages: [
                Damage(
                    what: "a cent",
                    old: "liabilities:payable:alexela  -",
                    new: "liabilities:payable:alexela  -1"
                ),
                Damage(
                    what: "an undeclared account",
                    old: "    expenses:vehicles:",
                    new: "    expenses:fehicles:"
                ),
            ]
        ),
        LedgerCase(
            template: "beancount",
            parameters: "{ otherCostCentre: none }",
            lookups: ledger,
            suffix: ".beancount",
            kinds: ["beancount"],
            total: "payable",
            damages: [
                Damage(
                    what: "a cent",
                    old: "  Liabilities:Payable:Alexela  -",
                    new: "  Liabilities:Payable:Alexela  -1"
                ),
                Damage(
                    what: "the balance",
                    old: "balance Liabilities:Payable:Alexela  -",
                    new: "balance Liabilities:Payable:Alexela  -1"
                ),
                Damage(what: "an unknown account", old: "  Expenses:V", new: "  Expenses:W"),
            ]
        ),
        LedgerCase(
            template: "csv-machine",
            parameters: "{ maskCards: true }",
            lookups: [],
            suffix: ".csv",
            kinds: ["csv"],
            total: "gross",
            damages: []
        ),
        LedgerCase(
            template: "oracle-fbdi",
            parameters:
                "{ source: OCC, businessUnit: EE BU, supplierNumber: \"100123\", supplierSite: MAIN, numbers: batch, expenseAccount: \"101.{cc}.4590.000\", privateAccount: 101.000.1800.000, otherCostCentre: \"999\" }",
            lookups: ledger,
            suffix: ".zip",
            kinds: [],
            total: "hashTotal",
            damages: []
        ),
        LedgerCase(
            template: "cougar-gl",
            parameters:
                "{ creditorAccount: 2000-000, expenseAccount: \"5390-{cc}\", privateAccount: 1280-000 }",
            lookups: ledger,
            suffix: ".txt",
            kinds: ["cms"],
            total: "payable",
            damages: [
                Damage(what: "an amount", old: " C             ", new: " C            9"),
                Damage(what: "a trimmed record", old: "  \r\nD", new: "\r\nD"),
                Damage(what: "a European date", old: "H11/", new: "H31."),
                Damage(what: "UTF-8", old: "\u{FC}", new: "\u{C3}\u{BC}"),
            ]
        ),
        LedgerCase(
            template: "quadracompta",
            parameters:
                "{ creditorAccount: 0ALEXELA, expenseAccount: \"60690000\", privateAccount: \"45500000\" }",
            lookups: ledger,
            suffix: ".txt",
            kinds: ["quadra"],
            total: "payable",
            damages: [
                Damage(what: "an amount", old: "C+0", new: "C+1"),
                Damage(what: "a byte more", old: "  \r\nM", new: "   \r\nM"),
                Damage(what: "a month 13", old: "AC00018112", new: "AC00018132"),
                Damage(what: "UTF-8", old: " Diisliku", new: " Diislik\u{C3}\u{BC}"),
            ]
        ),
        LedgerCase(
            template: "cougar-ap",
            parameters:
                "{ vendor: ALEXELA, expenseAccount: \"5390-{cc}\", privateAccount: 1280-000 }",
            lookups: ledger,
            suffix: ".txt",
            kinds: ["cms-ap"],
            total: "bills",
            takesReversals: false,
            damages: [
                Damage(what: "a byte less", old: "  \r\nD", new: " \r\nD"),
                Damage(what: "no vendor", old: "HALEXELA", new: "H       "),
            ]
        ),
    ]
}
