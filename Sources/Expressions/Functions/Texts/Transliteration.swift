/// `transliterate(text)`, `transliterate(text, {from: to})`: letters outside of ASCII written with
/// ASCII's.
///
/// `transliterate('Õunapuu žürii')` is 'Ounapuu zurii'; own pairs go first:
/// `transliterate('Jõgi', {'õ': '6'})` is 'J6gi'. A character without a known form stays as it is.
let transliterateFunction = Function(
    "transliterate",
    "transliterate(string) or transliterate(string, map(string, string)) -> string",
    [
        Overload(.string, to: .string) { text throws(EvaluationError) in
            .string(Transliteration.text(try text.asText))
        },
        Overload(.string, .exactly(.map(.string, .string)), to: .string) {
            text,
            pairs throws(EvaluationError) in
            let own = try pairs.asMap
            return .string(
                Transliteration.text(try text.asText) { own[.string($0)]?.text }
            )
        },
    ]
)

/// Latin letters with marks, Cyrillic letters and the signs of typography, as ASCII.
enum Transliteration {
    /// A text with each character replaced that `own` or the table knows.
    static func text(_ text: String, own: (String) -> String? = { _ in nil }) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            let character = String(scalar)
            if let replacement = own(character) {
                result += replacement
            } else if scalar.isASCII {
                result.unicodeScalars.append(scalar)
            } else {
                result += table[scalar] ?? character
            }
        }
        return result
    }

    private static let table: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for (plain, marked) in groups {
            for scalar in marked.unicodeScalars { table[scalar] = plain }
        }
        return table
    }()

    private static let groups: [(String, String)] = [
        ("A", "ÀÁÂÃÄÅĀĂĄǍА"), ("a", "àáâãäåāăąǎа"), ("AE", "ÆǼ"), ("ae", "æǽ"), ("B", "Б"),
        ("b", "б"),
        ("C", "ÇĆĈĊČ"), ("c", "çćĉċč"), ("D", "ÐĎĐД"), ("d", "ðďđд"), ("E", "ÈÉÊËĒĔĖĘĚЕЭЁ"),
        ("e", "èéêëēĕėęěеэё"), ("F", "Ф"), ("f", "ф"), ("G", "ĜĞĠĢГҐ"), ("g", "ĝğġģгґ"),
        ("H", "ĤĦ"),
        ("h", "ĥħ"), ("I", "ÌÍÎÏĨĪĬĮİИІ"), ("i", "ìíîïĩīĭįıиі"), ("Yi", "Ї"), ("yi", "ї"),
        ("J", "ĴЙ"),
        ("j", "ĵй"), ("K", "ĶК"), ("k", "ķĸк"), ("L", "ĹĻĽĿŁЛ"), ("l", "ĺļľŀłл"), ("M", "М"),
        ("m", "м"),
        ("N", "ÑŃŅŇŊН"), ("n", "ñńņňŋн"), ("O", "ÒÓÔÕÖØŌŎŐО"), ("o", "òóôõöøōŏőо"), ("OE", "Œ"),
        ("oe", "œ"), ("P", "П"), ("p", "п"), ("R", "ŔŖŘР"), ("r", "ŕŗřр"), ("S", "ŚŜŞŠȘС"),
        ("s", "śŝşšșſс"), ("SS", "ẞ"), ("ss", "ß"), ("T", "ŢŤŦȚТ"), ("t", "ţťŧțт"), ("TH", "Þ"),
        ("th", "þ"), ("U", "ÙÚÛÜŨŪŬŮŰŲУ"), ("u", "ùúûüũūŭůűųу"), ("V", "В"), ("v", "в"), ("W", "Ŵ"),
        ("w", "ŵ"), ("Y", "ÝŶŸЫ"), ("y", "ýÿŷы"), ("Z", "ŹŻŽЗ"), ("z", "źżžз"), ("Zh", "Ж"),
        ("zh", "ж"),
        ("Kh", "Х"), ("kh", "х"), ("Ts", "Ц"), ("ts", "ц"), ("Ch", "Ч"), ("ch", "ч"), ("Sh", "Ш"),
        ("sh", "ш"), ("Shch", "Щ"), ("shch", "щ"), ("Yu", "Ю"), ("yu", "ю"), ("Ya", "Я"),
        ("ya", "я"),
        ("Ye", "Є"), ("ye", "є"), ("", "ЪъЬь"), ("'", "‘’‚‛′"), ("\"", "“”„‟″«»"), ("-", "‐‑‒–—―−"),
        ("...", "…"), (" ", "\u{A0}\u{2002}\u{2003}\u{2009}\u{202F}"), ("EUR", "€"), ("GBP", "£"),
        ("x", "×"), ("(c)", "©"), ("(r)", "®"), ("1/2", "½"), ("1/4", "¼"), ("3/4", "¾"),
        ("o", "°º"),
        ("a", "ª"), ("2", "²"), ("3", "³"), ("1", "¹"), ("+-", "±"), ("Nr", "№"),
    ]
}
