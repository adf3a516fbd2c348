internal import Crypto
internal import FoundationEssentials

/// The partner's pre-shared key.
///
/// It shows itself to nobody: it prints `***`, has no parts for a dump, is not encodable, and two keys
/// are compared in the same time wherever they differ.
public struct PreSharedKey: Sendable, Equatable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    private let bytes: [UInt8]

    /// Takes the text as it is, without blanks and one byte-order mark at the ends (API document, trap 4).
    public init(_ text: String) throws(OCCClientError) {
        var scalars = Substring(text).unicodeScalars
        func trim() {
            while let first = scalars.first, first.properties.isWhitespace {
                scalars.removeFirst()
            }
            while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        }
        trim()
        if scalars.first == "\u{FEFF}" {
            scalars.removeFirst()
        } else if scalars.last == "\u{FEFF}" {
            scalars.removeLast()
        }
        trim()
        guard !scalars.isEmpty else {
            throw OCCClientError(.secret, "the pre-shared key is empty")
        }
        bytes = Array(String(scalars).utf8)
    }

    /// Whether both are the same key; takes the same time wherever they differ.
    public static func == (left: Self, right: Self) -> Bool {
        guard left.bytes.count == right.bytes.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left.bytes, right.bytes) { difference |= one ^ other }
        return difference == 0
    }

    /// Always `***`.
    public var description: String { "***" }
    /// Always `***`.
    public var debugDescription: String { "***" }
    /// Always without parts.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Whether it is shorter than the 128 characters that the API document asks for.
    public var isShort: Bool { bytes.count < 128 }

    /// HMAC-SHA256 of a text, in base64.
    func signature(of text: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8),
            using: SymmetricKey(data: bytes)
        )
        return Data(code).base64EncodedString()
    }
}
