internal import FoundationEssentials
internal import Glibc

/// Where results and progress go: results to standard output, everything else to standard error.
struct Console: Sendable {
    /// How results are written.
    enum Format: String, CaseIterable, Sendable {
        /// For people.
        case text
        /// One JSON object.
        case json
    }

    /// How results are written.
    let format: Format
    /// Whether standard error is a terminal that can show progress in place.
    let showsProgress: Bool

    /// Makes a console; progress shows only on a terminal and beside text.
    init(format: Format, quiet: Bool = false) {
        self.format = format
        showsProgress = !quiet && format == .text && isatty(STDERR_FILENO) == 1
    }

    /// Writes a line of results; as text, what a terminal would act on is made visible.
    func line(_ text: String = "") {
        Self.write((format == .json ? text : Self.visible(text)) + "\n", to: STDOUT_FILENO)
    }

    /// Writes a result as JSON, keys sorted, or as text.
    func result(_ value: some Encodable, text: () -> String) throws {
        switch format {
        case .text:
            let lines = text()
            if !lines.isEmpty { line(lines) }
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            line(String(decoding: try encoder.encode(value), as: UTF8.self))
        }
    }

    /// Writes a line to standard error; what a terminal would act on is made visible.
    func note(_ text: String) { noteAsIs(Self.visible(text)) }

    /// Writes a line to standard error that shows nothing but what it says, such as JSON.
    func noteAsIs(_ text: String) {
        clearProgress()
        Self.write(text + "\n", to: STDERR_FILENO)
    }

    /// Lines to write, none of which can make another one by what others wrote in it.
    static func lines(_ lines: [String]) -> String {
        lines.map { visible($0, keepsLines: false) }.joined(separator: "\n")
    }

    /// A text that may hold what others wrote, with what a terminal would act on made visible:
    /// control characters, and marks that turn the direction of what follows (Unicode, UAX 9).
    ///
    /// `keepsLines`: whether line breaks and tabs are the program's own.
    static func visible(_ text: String, keepsLines: Bool = true) -> String {
        func acts(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x09, 0x0A: !keepsLines
            case ..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
            default: false
            }
        }
        guard text.unicodeScalars.contains(where: acts) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if acts(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// Shows how far a long step is, in place of what it showed before.
    func progress(_ step: String, done: Int, of total: Int) {
        guard showsProgress, total > 0 else { return }
        let filled = min(24, done * 24 / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        Self.write("\r\u{1B}[K\(bar) \(done)/\(total) \(step)", to: STDERR_FILENO)
    }

    /// Takes the progress line away.
    func clearProgress() {
        if showsProgress { Self.write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    /// Writes all bytes; a reader that went away (EPIPE) ends the writing, nothing else does.
    private static func write(_ text: String, to descriptor: CInt) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
