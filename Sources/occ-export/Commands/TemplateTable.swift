internal import Foundation
internal import Glibc

/// Rows of texts in columns, cut to a terminal's width.
struct TemplateTable {
    /// The table's lines, the headings first.
    let lines: [String]

    /// Aligns the columns; `width`: the most characters of a line, two of them taken by the indent.
    init(headings: [String], rows: [[String]], width: Int?) {
        let all = [headings] + rows
        var widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        if let width {
            // What the widest column has more than the others goes first.
            let gaps = 2 * headings.count
            while widths.reduce(0, +) + gaps > width, let most = widths.max(), most > 8,
                let widest = widths.firstIndex(of: most)
            {
                widths[widest] -= 1
            }
        }
        lines = all.map { row in
            let cells = zip(row, widths).map { cell, width in
                let shown = cell.count > width ? cell.prefix(max(0, width - 1)) + "…" : cell[...]
                return shown + String(repeating: " ", count: max(0, width - shown.count))
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The columns of the terminal, or those that COLUMNS says; nil where the output is no terminal.
    static func terminalWidth() -> Int? {
        if let columns = Environment.variables["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
            return columns
        }
        var size = winsize()
        // ioctl_tty(2): TIOCGWINSZ fills the structure, or fails where there is no terminal.
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}
