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

    /// Cuts a text at its line ends; without any, at the length that its records seem to have.
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
        if lines.isEmpty, let records = Self.records(Array(text)) {
            lines = records
        } else if !line.isEmpty {
            lines.append(String(line))
        }
        self.lines = lines
        lineEnd = ends.crlf > ends.lf ? "crlf" : ends.lf > 0 ? "lf" : "none"
    }

    /// Mainframe files have no line ends: the shortest length at which most columns hold characters of
    /// one class; nil when there is none.
    private static func records(_ characters: [Character]) -> [String]? {
        func kind(_ character: Character) -> Int {
            character == " " ? 0 : character.isNumber ? 1 : character.isLetter ? 2 : 3
        }
        let kinds = characters.map(kind)
        for length in 20...2000
        where characters.count >= 2 * length && characters.count % length == 0 {
            let starts = Array(stride(from: 0, to: characters.count, by: length))
            let marks = Set(starts.map { characters[$0] })
            guard marks.count <= 5, marks.allSatisfy({ $0.isLetter || $0.isNumber }) else {
                continue
            }
            let steady = (0..<length).count { column in
                Set(starts.map { kinds[$0 + column] }).count == 1
            }
            guard steady * 3 >= length * 2 || starts.count > 2 && steady * 2 >= length else {
                continue
            }
            return starts.map { String(characters[$0..<$0 + length]) }
        }
        return nil
    }
}
