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
        ("byte_order_mark", [.delimited, .fixedWidth, .text, .xml]),
        ("record_length", [.fixedWidth]),
        ("counted_in", [.fixedWidth]), ("text.align", [.fixedWidth]), ("text.pad", [.fixedWidth]),
        ("number.align", [.fixedWidth]), ("number.pad", [.fixedWidth]),
        ("number.overflow", [.delimited, .fixedWidth, .text, .xml]), ("align", [.fixedWidth]),
        ("pad", [.fixedWidth]),
        ("framing", [.json]), ("indent", [.xml]), ("escape", [.text]),
        ("line_end", [.delimited, .fixedWidth, .text, .json]),
    ]

    /// Keys that are one for a whole file.
    private static let fileKeys = [
        "kind", "encoding", "line_end", "delimiter", "byte_order_mark", "framing", "indent",
    ]

    /// Reports keys that say nothing in a file of a kind, or nothing so far inside one.
    func reportForeignKeys(to kind: Kind, _ owner: Owner, _ findings: Findings) {
        var reported: Set<String> = []
        for (key, kinds) in Self.ownKeys {
            guard let node = written[key], !kinds.contains(kind) else { continue }
            reported.insert(key)
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
        for key in Self.fileKeys where !reported.contains(key) {
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

    /// Reports texts of this form itself that an encoding cannot write.
    func reportUnmappable(_ encoding: CharacterEncoding, _ findings: Findings) {
        let words = [
            ("absent", absent.map { [$0] } ?? []), ("escape", Array(escapes.values)),
            ("transliterate", Array(transliterations.values)),
        ]
        for (key, texts) in words {
            guard let node = written[key],
                let missing = texts.sorted().lazy.compactMap(encoding.firstMissing).first
            else { continue }
            findings.report(
                node.diagnostic(
                    "unmappable",
                    UnmappableCharacter(scalar: missing, encoding: encoding.name).message,
                    cure: "write it with other characters, or choose another encoding"
                )
            )
        }
    }
}
