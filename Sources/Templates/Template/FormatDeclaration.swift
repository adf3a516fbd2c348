/// The form of what is written, as a template says it; what is nil comes from further out.
struct FormatDeclaration: Sendable {
    enum Kind: String, CaseIterable {
        case delimited
        case fixedWidth = "fixed_width"
        case xml, text, json
    }
    /// How JSON records stand together.
    enum Framing: String, CaseIterable {
        /// One object a line (JSON Lines).
        case lines
        /// One array of objects.
        case array
    }
    enum LineEnd: String, CaseIterable { case lf, crlf, none }
    enum Quote: String, CaseIterable {
        case whenNeeded = "when_needed"
        case text, always, never
    }
    enum Formulas: String, CaseIterable { case reject, apostrophe, keep }
    enum ControlCharacters: String, CaseIterable { case reject, blank, keep }
    enum Align: String, CaseIterable { case left, right }
    enum Overflow: String, CaseIterable { case reject, cut }
    /// A number is never cut.
    enum NumberOverflow: String, CaseIterable { case reject }
    enum Sign: String, CaseIterable {
        case minus
        case plusMinus = "plus_minus"
        case trailingMinus = "trailing_minus"
        case trailingPlusMinus = "trailing_plus_minus"
        case overpunch, unsigned
    }
    enum Count: String, CaseIterable { case bytes, characters }

    var kind: Kind?
    var encoding: YAMLNode?
    var lineEnd: LineEnd?
    var unmappable: UnmappablePolicy?
    var unmappableNode: YAMLNode?
    var transliterations: [Unicode.Scalar: String] = [:]
    var controlCharacters: ControlCharacters?
    var absent: String?
    var delimiter: String?
    var quote: Quote?
    var formulas: Formulas?
    var byteOrderMark: Bool?
    var recordLength: Int?
    var countedIn: Count?
    var escapes: [Unicode.Scalar: String] = [:]
    var indent: Bool?
    var framing: Framing?
    var textAlign: Align?
    var textPad: UInt8?
    var textMost: Int?
    var textOverflow: Overflow?
    var datePattern: YAMLNode?
    var decimals: Int?
    var decimalMark: String?
    var sign: Sign?
    var numberAlign: Align?
    var numberPad: UInt8?
    /// Where the pad or side of numbers is written, for messages about them.
    var numberPadNode: YAMLNode?
    /// Said where a number that is too wide is meant to reject its row.
    var numberOverflow: NumberOverflow?
    /// The keys of this form itself, `text.` and `number.` before those inside, with their values' places.
    var written: [String: YAMLNode] = [:]

    static let fieldKeys = [
        "pattern", "decimals", "decimal_mark", "sign", "align", "pad", "overflow", "max", "absent",
        "unmappable", "control_characters", "formulas", "quote",
    ]

    init() {}

    init(_ node: YAMLNode, _ findings: Findings) throws(Diagnostic) {
        let fields = try node.fields(
            [
                "kind", "encoding", "line_end", "unmappable", "transliterate", "control_characters",
                "absent", "delimiter", "quote", "formulas", "byte_order_mark", "record_length",
                "counted_in", "escape", "indent", "framing", "text", "date", "number",
            ],
            findings
        )
        kind = try fields["kind"]?.word(Kind.self)
        for (key, node) in fields { written[key] = node }
        encoding = fields["encoding"]
        lineEnd = try fields["line_end"]?.word(LineEnd.self)
        unmappable = try Self.policy(fields["unmappable"])
        unmappableNode = fields["unmappable"]
        for (key, value) in try fields["transliterate"]?.entries() ?? [] {
            transliterations[try Self.scalar(key)] = try value.text()
        }
        controlCharacters = try fields["control_characters"]?.word(ControlCharacters.self)
        absent = try fields["absent"]?.text()
        delimiter = try fields["delimiter"].map { node throws(Diagnostic) in
            let text = try node.text()
            guard let byte = text.utf8.first, text.utf8.count == 1, byte < 0x7F,
                byte >= 0x20 || byte == 0x09,
                text != "\""
            else {
                throw node.diagnostic(
                    "type",
                    "the delimiter is one ASCII character",
                    cure: "one of ; , | or \"\\t\""
                )
            }
            return text
        }
        quote = try fields["quote"]?.word(Quote.self)
        formulas = try fields["formulas"]?.word(Formulas.self)
        byteOrderMark = try fields["byte_order_mark"]?.bool()
        recordLength = try fields["record_length"]?.int(in: 1...100_000)
        countedIn = try fields["counted_in"]?.word(Count.self)
        for (key, value) in try fields["escape"]?.entries() ?? [] {
            escapes[try Self.scalar(key)] = try value.text()
        }
        indent = try fields["indent"]?.bool()
        framing = try fields["framing"]?.word(Framing.self)
        if let text = fields["text"] {
            let parts = try text.fields(["align", "pad", "max", "overflow"], findings)
            textAlign = try parts["align"]?.word(Align.self)
            textPad = try Self.pad(parts["pad"])
            textMost = try parts["max"]?.int(in: 1...100_000)
            textOverflow = try parts["overflow"]?.word(Overflow.self)
            for (key, node) in parts { written["text.\(key)"] = node }
        }
        if let date = fields["date"] {
            datePattern = try date.fields(["pattern"], findings)["pattern"]
        }
        if let number = fields["number"] {
            let parts = try number.fields(
                ["decimals", "decimal_mark", "sign", "align", "pad", "overflow"],
                findings
            )
            try readNumber(parts)
            numberOverflow = try parts["overflow"]?.word(NumberOverflow.self)
            for (key, node) in parts { written["number.\(key)"] = node }
        }
        // The text's mistake is told where the kind is known: here, or where the file is compiled.
        if let kind { reportForeignKeys(to: kind, .template, findings) }
    }

    /// The keys of a form that stand in a field itself.
    init(field fields: [String: YAMLNode], _ findings: Findings) throws(Diagnostic) {
        for key in Self.fieldKeys { written[key] = fields[key] }
        try readNumber(fields)
        textAlign = numberAlign
        textPad = numberPad
        datePattern = nil
        textOverflow = try fields["overflow"]?.word(Overflow.self)
        if textOverflow == .reject { numberOverflow = .reject }
        textMost = try fields["max"]?.int(in: 1...100_000)
        absent = try fields["absent"]?.text()
        unmappable = try Self.policy(fields["unmappable"])
        unmappableNode = fields["unmappable"]
        quote = try fields["quote"]?.word(Quote.self)
        controlCharacters = try fields["control_characters"]?.word(ControlCharacters.self)
        formulas = try fields["formulas"]?.word(Formulas.self)
    }

    private mutating func readNumber(_ fields: [String: YAMLNode]) throws(Diagnostic) {
        decimals = try fields["decimals"]?.int(in: 0...18)
        decimalMark = try fields["decimal_mark"].map { node throws(Diagnostic) in
            let text = try node.text()
            guard [".", ",", "implied"].contains(text) else {
                throw node.diagnostic(
                    "unknown-word",
                    "'\(text)' is not one of \".\", \",\", implied",
                    cure: "a mark of one character, or implied for none"
                )
            }
            return text
        }
        sign = try fields["sign"]?.word(Sign.self)
        numberAlign = try fields["align"]?.word(Align.self)
        numberPad = try Self.pad(fields["pad"])
        numberPadNode = fields["pad"] ?? fields["align"]
    }

    private static func pad(_ node: YAMLNode?) throws(Diagnostic) -> UInt8? {
        guard let node else { return nil }
        let text = try node.text()
        guard text.utf8.count == 1, let byte = text.utf8.first, (0x20...0x7E).contains(byte) else {
            throw node.diagnostic(
                "type",
                "pad is one ASCII character",
                cure: "a blank, 0, or another printable one"
            )
        }
        return byte
    }

    private static func policy(_ node: YAMLNode?) throws(Diagnostic) -> UnmappablePolicy? {
        guard let node else { return nil }
        if case .mapping = node.content {
            guard let replacement = try node.fields(["replace"])["replace"] else {
                throw node.missing("replace", "\"?\"")
            }
            return .replace(try replacement.text())
        }
        enum Word: String, CaseIterable { case reject, transliterate }
        return try node.word(Word.self) == .reject ? .reject : .transliterate
    }

    private static func scalar(_ node: YAMLNode) throws(Diagnostic) -> Unicode.Scalar {
        let scalars = try node.text().unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1 else {
            throw node.diagnostic(
                "type",
                "one character is wanted here",
                cure: "one entry a character"
            )
        }
        return scalar
    }

    /// This form where it says something, else the outer one.
    func inside(_ outer: FormatDeclaration) -> FormatDeclaration {
        var merged = outer
        merged.kind = kind ?? outer.kind
        merged.encoding = encoding ?? outer.encoding
        merged.lineEnd = lineEnd ?? outer.lineEnd
        if unmappable != nil {
            merged.unmappable = unmappable
            merged.unmappableNode = unmappableNode
        }
        if !transliterations.isEmpty { merged.transliterations = transliterations }
        merged.controlCharacters = controlCharacters ?? outer.controlCharacters
        merged.absent = absent ?? outer.absent
        merged.delimiter = delimiter ?? outer.delimiter
        merged.quote = quote ?? outer.quote
        merged.formulas = formulas ?? outer.formulas
        merged.byteOrderMark = byteOrderMark ?? outer.byteOrderMark
        merged.recordLength = recordLength ?? outer.recordLength
        merged.countedIn = countedIn ?? outer.countedIn
        if !escapes.isEmpty { merged.escapes = escapes }
        merged.indent = indent ?? outer.indent
        merged.framing = framing ?? outer.framing
        merged.textAlign = textAlign ?? outer.textAlign
        merged.textPad = textPad ?? outer.textPad
        merged.textMost = textMost ?? outer.textMost
        merged.textOverflow = textOverflow ?? outer.textOverflow
        merged.datePattern = datePattern ?? outer.datePattern
        merged.decimals = decimals ?? outer.decimals
        merged.decimalMark = decimalMark ?? outer.decimalMark
        merged.sign = sign ?? outer.sign
        merged.numberAlign = numberAlign ?? outer.numberAlign
        merged.numberPad = numberPad ?? outer.numberPad
        merged.numberPadNode = numberPadNode ?? outer.numberPadNode
        merged.numberOverflow = numberOverflow ?? outer.numberOverflow
        merged.written = written
        return merged
    }
}
