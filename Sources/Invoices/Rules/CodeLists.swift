/// The code lists of EN 16931, as CEN's rules of the release that `scripts/code-lists` read have them.
enum CodeLists {
    static func codes(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
