/// The lines of an example file.
struct ExampleText: Sendable {
    /// Its text as it stands.
    let text: String
    /// Its lines without their ends; a last end begins no line.
    let lines: [String]
    /// `crlf`, `lf` or `none`.
    let lineEnd: String
    /// Whether the last line has an end too.
    let isEnded: Bool

    /// Cuts a text at its line ends, outside of double quotes where `quotes` says that they hold some.
    init(_ text: String) {
        self.text = text
        let scalars = text.unicodeScalars
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var ends = (crlf: 0, lf: 0)
        var last: Unicode.Scalar?
        for scalar in scalars {
            if scalar == "\n" {
                if last == "\r" {
                    line.removeLast()
                    ends.crlf += 1
                } else {
                    ends.lf += 1
                }
                lines.append(String(line))
                line = String.UnicodeScalarView()
            } else {
                line.append(scalar)
            }
            last = scalar
        }
        isEnded = line.isEmpty
        if !line.isEmpty { lines.append(String(line)) }
        self.lines = lines
        lineEnd = ends.crlf > ends.lf ? "crlf" : ends.lf > 0 ? "lf" : "none"
    }
}
