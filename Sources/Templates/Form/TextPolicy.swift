/// What happens to characters that a file cannot hold: control characters, and those its encoding lacks.
struct TextPolicy: Sendable {
    let encoding: CharacterEncoding
    let control: FormatDeclaration.ControlCharacters
    let unmappable: UnmappablePolicy
    let transliterations: [Unicode.Scalar: String]

    init(_ format: FormatDeclaration, _ encoding: CharacterEncoding) {
        // XML writes what its encoding lacks as character references.
        self.encoding = format.kind == .xml ? .utf8 : encoding
        // XML and JSON have ways of their own for control characters (`XMLEscaper`, `JSONEncoder`).
        control =
            format.kind == .xml || format.kind == .json
            ? .keep : format.controlCharacters ?? .reject
        unmappable = format.unmappable ?? .reject
        transliterations = format.transliterations
    }

    /// Applies the policies to valid UTF-8; returns how many characters were altered.
    func apply(to text: inout [UInt8]) throws(FormError) -> Int {
        var hasControl = false
        var isASCII = true
        for byte in text {
            if byte >= 0x80 {
                isASCII = false
            } else if byte < 0x20 || byte == 0x7F {
                hasControl = true
            }
        }
        if isASCII, !hasControl { return 0 }
        var altered = 0
        if hasControl, control != .keep {
            guard control == .blank else {
                throw FormError(
                    name: "control-character",
                    message: "value has a control character",
                    cure: "control_characters: blank, or keep"
                )
            }
            for place in text.indices where text[place] < 0x20 || text[place] == 0x7F {
                text[place] = 0x20
                altered += 1
            }
        }
        if isASCII || encoding.isUnicode { return altered }
        do throws(UnmappableCharacter) {
            return altered + (try encoding.map(&text, unmappable, transliterations))
        } catch {
            throw FormError(
                name: "unmappable",
                message: error.message,
                cure: "unmappable: transliterate, or unmappable: { replace: \"?\" }"
            )
        }
    }
}
