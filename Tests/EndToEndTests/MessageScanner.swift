import Foundation

/// The texts in Swift sources, with `…` for what is put into them.
struct MessageScanner {
    private let text: [Character]
    private var place = 0

    init(_ text: String) { self.text = Array(text) }

    /// A text between quotes, and where it stood.
    struct Literal {
        let text: String
        /// The call around it: `DeliveryError`, `.system`; empty outside of calls.
        let call: String
        /// The first argument of that call, as written.
        let first: String
    }

    /// All texts of a source, comments left out.
    static func literals(in source: String) -> [Literal] {
        var scanner = MessageScanner(source)
        return scanner.literals()
    }

    private mutating func literals() -> [Literal] {
        var found: [Literal] = []
        var calls: [(name: String, start: Int)] = []
        var word = ""
        while place < text.count {
            let character = text[place]
            if character == "/", next == "/" {
                while place < text.count, text[place] != "\n" { place += 1 }
            } else if character == "\"" {
                let call = calls.last
                let first = call.map { String(text[$0.start..<place].prefix { $0 != "," }) } ?? ""
                found.append(
                    Literal(
                        text: literal(),
                        call: call?.name ?? "",
                        first: first.trimmingCharacters(in: .whitespacesAndNewlines)
                    )
                )
                word = ""
                continue
            } else if character == "(" {
                calls.append((word, place + 1))
            } else if character == ")" {
                _ = calls.popLast()
            }
            word = character.isLetter || character == "." ? word + String(character) : ""
            place += 1
        }
        return found
    }

    private var next: Character? { place + 1 < text.count ? text[place + 1] : nil }

    /// The text at the quote, up to its end, or to the end of the line where it has none there.
    private mutating func literal() -> String {
        var output = ""
        let isLong = text[place...].starts(with: "\"\"\"")
        place += isLong ? 3 : 1
        while place < text.count {
            let character = text[place]
            if isLong ? text[place...].starts(with: "\"\"\"") : character == "\"" {
                place += isLong ? 3 : 1
                return output
            }
            if character == "\n", !isLong { return output }
            if character == "\\", let next {
                place += 2
                switch next {
                case "(":
                    skipInterpolation()
                    if output.last != "…" { output.append("…") }
                case "n": output.append("\n")
                case "\n": break
                default: output.append(next)
                }
                continue
            }
            output.append(character)
            place += 1
        }
        return output
    }

    private mutating func skipInterpolation() {
        var depth = 1
        while place < text.count, depth > 0 {
            switch text[place] {
            case "\"":
                _ = literal()
                continue
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            place += 1
        }
    }
}
