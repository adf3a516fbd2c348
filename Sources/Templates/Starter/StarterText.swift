/// Writes template.yaml: each line with its comment beside it.
struct StarterText: Sendable {
    private var lines: [(text: String, comment: String)] = []

    /// Adds a line, with what is said about it.
    mutating func add(_ text: String, _ comment: String = "") {
        lines.append((text, comment))
    }

    /// The text, with comments in one column as far as lines are short.
    var text: String {
        lines.map { text, comment in
            guard !comment.isEmpty else { return text + "\n" }
            guard !text.isEmpty else { return "# \(comment)\n" }
            let gap = String(repeating: " ", count: max(2, 40 - text.count))
            return "\(text)\(gap)# \(comment)\n"
        }.joined()
    }

    /// A scalar that YAML reads as this text, also within `{ }`.
    static func scalar(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || ("0"..."9").contains($0)
                    || "_.()-/".unicodeScalars.contains($0)
            } && text.first != "-" && text.first != "."
            && !["null", "~", "true", "false", "yes", "no"].contains(text.lowercased())
        if isPlain { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// A text in which `${` stands for itself.
    static func literal(_ text: String) -> String { scalar(text.replacing("${", with: "$${")) }
}
