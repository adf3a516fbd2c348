/// Which keys of a form say something where.
extension FormatDeclaration {
    /// What a form belongs to.
    enum Owner {
        /// The template's own `format`.
        case template
        /// A file.
        case file
        /// A record or node inside a file.
        case record
        /// A field or a layout's value.
        case field
    }

    /// Keys that say something of files of some kinds only.
    private static let ownKeys: [(key: String, kinds: [Kind])] = [
        ("delimiter", [.delimited]), ("quote", [.delimited]), ("formulas", [.delimited]),
        ("byte_order_mark", [.delimited, .text]), ("record_length", [.fixedWidth]),
        ("counted_in", [.fixedWidth]), ("text.align", [.fixedWidth]), ("text.pad", [.fixedWidth]),
        ("number.align", [.fixedWidth]), ("number.pad", [.fixedWidth]),
        ("number.overflow", [.fixedWidth]), ("align", [.fixedWidth]), ("pad", [.fixedWidth]),
        ("framing", [.json]), ("indent", [.xml]), ("escape", [.text]),
        ("line_end", [.delimited, .fixedWidth, .text, .json]),
    ]

    /// Keys that are one for a whole file.
    private static let fileKeys = [
        "kind", "encoding", "line_end", "delimiter", "byte_order_mark", "framing", "indent",
    ]

    /// Reports keys that say nothing in a file of a kind, or nothing so far inside one.
    func reportForeignKeys(to kind: Kind, _ owner: Owner, _ findings: Findings) {
        for (key, kinds) in Self.ownKeys {
            guard let node = written[key], !kinds.contains(kind) else { continue }
            let word = key.split(separator: ".").last.map(String.init) ?? key
            let names = kinds.map(\.rawValue).joined(separator: ", ")
            findings.report(
                node.diagnostic(
                    "writing",
                    "\(word) belongs to kind: \(names), this is \(kind.rawValue)",
                    cure: "leave it out"
                )
            )
        }
        guard owner == .record else { return }
        for key in Self.fileKeys {
            guard let node = written[key] else { continue }
            findings.report(
                node.diagnostic(
                    "writing",
                    "\(key) is one for the whole file",
                    cure: "put it into the format of the file or of the template"
                )
            )
        }
    }
}
