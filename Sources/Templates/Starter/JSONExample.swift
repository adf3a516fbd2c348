/// Example files of JSON objects, as an array or a line each.
struct JSONExample: Sendable {
    /// `array` or `lines`.
    let framing: String
    /// The members in order of appearance.
    let keys: [String]
    /// The objects' values as texts; a member that is no text, number, true or false is left out.
    let rows: [[String: String]]

    /// Reads the texts; nil when one is no JSON of flat objects.
    init?(_ texts: [String]) {
        var keys: [String] = []
        var rows: [[String: String]] = []
        var isArray = false
        for text in texts {
            var cursor = Cursor(text)
            cursor.skipBlank()
            if cursor.take("[") {
                isArray = true
                cursor.skipBlank()
                if !cursor.take("]") {
                    repeat {
                        guard let row = cursor.object(&keys) else { return nil }
                        rows.append(row)
                        cursor.skipBlank()
                    } while cursor.take(",")
                    guard cursor.take("]") else { return nil }
                }
            } else {
                repeat {
                    guard let row = cursor.object(&keys) else { return nil }
                    rows.append(row)
                    cursor.skipBlank()
                } while !cursor.isAtEnd
            }
            cursor.skipBlank()
            guard cursor.isAtEnd else { return nil }
        }
        guard !rows.isEmpty, !keys.isEmpty else { return nil }
        framing = isArray ? "array" : "lines"
        self.keys = keys
        self.rows = rows
    }

    /// The members as columns.
    var columns: [ExampleColumn] {
        keys.map { key in ExampleColumn(heading: key, raw: rows.map { $0[key] ?? "" }) }
    }

    /// A place in a JSON text.
    private struct Cursor {
        private let scalars: [Unicode.Scalar]
        private var place = 0

        init(_ text: String) { scalars = Array(text.unicodeScalars) }

        var isAtEnd: Bool { place == scalars.count }

        mutating func skipBlank() {
            while place < scalars.count, " \n\r\t".unicodeScalars.contains(scalars[place]) {
                place += 1
            }
        }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard place < scalars.count, scalars[place] == scalar else { return false }
            place += 1
            return true
        }

        mutating func object(_ keys: inout [String]) -> [String: String]? {
            skipBlank()
            guard take("{") else { return nil }
            var row: [String: String] = [:]
            skipBlank()
            if take("}") { return row }
            repeat {
                skipBlank()
                guard let key = string() else { return nil }
                skipBlank()
                guard take(":") else { return nil }
                skipBlank()
                guard let value = string() ?? word() else { return nil }
                if !keys.contains(key) { keys.append(key) }
                if value != "null" { row[key] = value }
                skipBlank()
            } while take(",")
            return take("}") ? row : nil
        }

        private mutating func word() -> String? {
            let start = place
            while place < scalars.count, !",}] \n\r\t".unicodeScalars.contains(scalars[place]) {
                guard !"{[\"".unicodeScalars.contains(scalars[place]) else { return nil }
                place += 1
            }
            guard place > start else { return nil }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[start..<place])
            return String(text)
        }

        private mutating func string() -> String? {
            guard place < scalars.count, scalars[place] == "\"" else { return nil }
            var position = place + 1
            var text = String.UnicodeScalarView()
            while position < scalars.count, scalars[position] != "\"" {
                if scalars[position] == "\\", position + 1 < scalars.count {
                    position += 1
                    switch scalars[position] {
                    case "n": text.append("\n")
                    case "t": text.append("\t")
                    case "r": text.append("\r")
                    case "u":
                        let digits = scalars[
                            min(position + 1, scalars.count)..<min(position + 5, scalars.count)
                        ]
                        var hex = String.UnicodeScalarView()
                        hex.append(contentsOf: digits)
                        guard let code = UInt32(String(hex), radix: 16),
                            let scalar = Unicode.Scalar(code)
                        else { return nil }
                        text.append(scalar)
                        position += 4
                    case let other: text.append(other)
                    }
                } else {
                    text.append(scalars[position])
                }
                position += 1
            }
            guard position < scalars.count else { return nil }
            place = position + 1
            return String(text)
        }
    }
}
