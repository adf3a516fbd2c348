internal import CSystemCalls

/// The characters of a code page's 256 bytes, for reading example files.
struct CodePage: Sendable {
    /// The name a template uses.
    let name: String
    /// The character of each byte; nil where the page has none.
    private let scalars: [Unicode.Scalar?]

    /// The name iconv has for it, where it is another.
    private static let iconvNames = [
        "windows-1250": "CP1250", "windows-1252": "CP1252", "windows-1257": "CP1257",
        "cp037": "IBM037",
    ]

    /// The code page of that name; nil when iconv does not know it.
    init?(name: String) {
        self.name = name
        var table = [UInt32](repeating: 0, count: 256)
        let filled = unsafe table.withUnsafeMutableBufferPointer { buffer in
            unsafe occ_code_page(Self.iconvNames[name] ?? name, buffer.baseAddress)
        }
        guard filled == 0 else { return nil }
        scalars = table.map { Unicode.Scalar($0) }
    }

    /// The text of some bytes; nil when one of them is no character here.
    func text(_ bytes: [UInt8]) -> String? {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            guard let scalar = scalars[Int(byte)] else { return nil }
            text.append(scalar)
        }
        return String(text)
    }
}
