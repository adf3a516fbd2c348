/// What an evaluation may make at most, so that no expression fills the memory.
enum Limits {
    /// Bytes of UTF-8 of one text.
    static let textLength = 65_536

    /// A text that was made, unless it is too large; its length is work done.
    static func checked(_ text: String, _ frame: inout Frame, _ range: Range<Int>)
        throws(EvaluationError) -> String
    {
        let count = text.utf8.count
        guard count <= textLength else { throw tooLarge().located(range) }
        if count >= 64 { try frame.spend(count / 64) }
        return text
    }

    static func tooLarge() -> EvaluationError {
        EvaluationError(
            .tooLarge,
            "the text would be longer than \(textLength) bytes"
        )
    }
}
