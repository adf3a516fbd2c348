/// One step of a row program: plain numbers, so that running it counts no references.
struct RowOp {
    enum Kind: UInt8 {
        /// Bytes of the pool.
        case literal
        /// A text field of the row.
        case text
        /// An amount of the row, rounded where `places` says so.
        case amount
        /// A whole number of the row.
        case integer
        /// The row's number in its loop.
        case number
        /// An instant of the row as local time or day, by a pattern.
        case time
        /// A column of a lookup's row, encoded when it is first met.
        case column
        /// A value that is the same for all rows of the loop.
        case outer
        /// Goes on at `target`.
        case jump
        /// Goes on at `target` where a field is absent.
        case jumpIfAbsent
        /// Goes on at `target` where a column is absent.
        case jumpIfColumnAbsent
        /// Goes on at `target` where an amount is not `number`.
        case jumpUnlessAmount
        /// Goes on at `target` where a text is not the pool's.
        case jumpUnlessText
        /// Ends the row without a record: its condition leaves it out.
        case leaveOut
        /// An element begins: what follows may be taken back.
        case begin
        /// Something of the element was written, so that it stays.
        case written
        /// The element ends; where nothing was written it is taken back, and the op goes on at `target`.
        case end
    }

    var kind: Kind
    /// Decimals that `amount` is rounded to; 4 leaves it as it is.
    var places: Int8 = 4
    /// Whether a number is kept for sums, and where.
    var register: Int16 = -1
    /// The field's bit, which decides whether the op runs or its bytes of the pool are written; all bits
    /// where no field is asked.
    var bit: UInt32 = .max
    /// The field's first word.
    var word: Int32 = 0
    /// The cell's style.
    var style: Int32 = 0
    /// Bytes of the pool; what stands for an absent value; for `column` the cell, for `outer` its number.
    var start: Int32 = 0
    var count: Int32 = 0
    var target: Int32 = 0
    /// Whether an absent value has its bytes in the pool; otherwise it is none of ours.
    var allowsAbsent = false
    /// What an amount is compared with; for `time` its pattern.
    var number: Int64 = 0
}

/// How a cell's text becomes part of the file: what `FieldForm`, `FieldLook` and the encoders do with
/// it, resolved to plain numbers.
struct RowStyle {
    enum Form: UInt8 { case delimited, fixedWidth, text, attribute }

    var form: Form
    /// The delimiter before the cell; 0 for none.
    var lead: UInt8 = 0

    // Texts
    /// Up to this length a text of plain JSON may be copied as it is, where `watch` finds nothing; 0 for none.
    var short: Int32 = 0
    var watch: RowBuffer.Watch? = nil
    var quotesAlways = false
    var neverQuotes = false
    var guardsFormulas = false
    var delimiter: UInt8 = 0
    var control = FormatDeclaration.ControlCharacters.keep
    /// Whether characters beyond ASCII go through the encoding's table.
    var isMapped = false
    /// What stands for a character that the encoding lacks; 0 where the general path decides.
    var replacement: UInt8 = 0
    var most = Int32.max

    // Fixed width
    var width: Int32 = 0
    var alignsRight = false
    var padsZeros = false
    var pad: UInt8 = 0x20
    var cuts = false

    // Numbers
    /// Decimals written, at least and at most.
    var leastPlaces: Int8 = 0
    var mostPlaces: Int8 = 36
    /// Digits before the mark, at least.
    var wholeDigits: Int32 = 1
    /// The decimal mark; 0 for none.
    var mark: UInt8 = 0x2E
    var sign = FormatDeclaration.Sign.minus

    /// The style with `short` set.
    var settled: RowStyle {
        var style = self
        style.short = min(most, Int32(RowProgram.shortText))
        if watch == nil { style.short = 0 }
        switch form {
        case .delimited: if quotesAlways { style.short = 0 }
        case .fixedWidth: style.short = alignsRight ? 0 : min(style.short, width)
        case .text, .attribute: break
        }
        return style
    }
}

/// How a program writes days and clock times: bytes as they stand, and places that digits go to.
struct RowPattern {
    enum Part: UInt8 { case year, shortYear, month, day, hour, minute, second, millisecond }

    /// Digits of an instant, counted from the pattern's start.
    struct Digits {
        var offset: Int32
        var part: Part
    }

    /// In the pool, and in the machine's texts of the day.
    var start: Int32
    var count: Int32
    /// In the program's `digits`: those of the day, from `clockDigits` on those of the clock.
    var firstDigits: Int32
    var clockDigits: Int32
    var lastDigits: Int32
    var zone: Int32
    /// Whether only the day counts.
    var isDate: Bool
}
