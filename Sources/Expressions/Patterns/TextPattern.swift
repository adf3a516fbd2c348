internal import CRE2

/// A regular expression in RE2's syntax (github.com/google/re2/wiki/Syntax), compiled once; it takes time
/// that grows with the text alone, whatever the pattern.
@safe public final class TextPattern: Sendable {
    // RE2 lets several threads match with one pattern (re2.h, "RE2 is safe for concurrent use").
    nonisolated(unsafe) private let handle: OpaquePointer

    /// The longest pattern there may be, in bytes.
    static let maximumLength = 1_024

    /// Compiles a pattern.
    ///
    /// - Throws: `PatternError` when it is none, or one too large to be compiled.
    public init(_ pattern: String) throws(PatternError) {
        guard pattern.utf8.count <= Self.maximumLength else {
            throw PatternError(
                message: "the pattern has more than \(Self.maximumLength) bytes"
            )
        }
        var text = pattern
        let (handle, reason) = text.withUTF8 { bytes -> (OpaquePointer?, String) in
            unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                unsafe message.initialize(repeating: 0)
                guard let output = message.baseAddress else { return (nil, "") }
                let handle = unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                    unsafe cre2_compile(
                        // An empty text may have no address.
                        characters.baseAddress ?? UnsafePointer(output),
                        characters.count,
                        output,
                        message.count
                    )
                }
                return unsafe (handle, String(cString: output))
            }
        }
        guard let handle = unsafe handle else {
            throw PatternError(
                message: "the pattern is no regular expression: \(reason)",
                cure: "a sign that means itself stands behind a backslash: r'\\.'"
            )
        }
        unsafe self.handle = handle
    }

    deinit { unsafe cre2_free(handle) }

    /// Whether the pattern is found anywhere in the text.
    public func isFound(in text: String) -> Bool { matches(text, whole: false) }

    /// Whether the pattern is the whole text.
    public func isWhole(_ text: String) -> Bool { matches(text, whole: true) }

    private func matches(_ text: String, whole: Bool) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe cre2_matches(handle, characters.baseAddress, characters.count, whole)
            }
        }
    }
}
