/// Reads comma-separated text (RFC 4180), with lines that begin with `#` as comments.
enum CSVReader {
    struct Row {
        let number: Int
        let cells: [String]
    }

    /// The most rows a file may have, its header included, and the most cells a row may have: memory stays
    /// below 256 MB whatever is in it.
    static let mostRows = 250_001
    static let mostCells = 1_000

    static func rows(of text: String, file: String) throws(Diagnostic) -> [Row] {
        var rows: [Row] = []
        try read(text, file: file) { rows.append($0) }
        return rows
    }

    /// Hands the rows over one by one.
    static func read(
        _ text: String,
        file: String,
        _ take: (Row) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        var count = 0
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var line = 1
        while let first = bytes.first {
            let start = line
            var cells: [String] = []
            var cell: [UInt8] = []
            let isComment = first == 0x23
            reading: while true {
                guard let byte = bytes.first else { break }
                bytes = bytes.dropFirst()
                switch byte {
                case 0x22 where cell.isEmpty && !isComment:
                    while true {
                        guard let inner = bytes.first else {
                            throw Diagnostic(
                                "syntax",
                                "a quote is not closed",
                                file: file,
                                line: start
                            )
                        }
                        bytes = bytes.dropFirst()
                        if inner == 0x0A { line += 1 }
                        if inner == 0x22 {
                            guard bytes.first == 0x22 else { break }
                            bytes = bytes.dropFirst()
                        }
                        cell.append(inner)
                    }
                case 0x2C:
                    guard cells.count < mostCells else {
                        throw Diagnostic(
                            "too-long",
                            "a line has more than \(mostCells) cells",
                            cure: "leave out columns that the template does not name",
                            file: file,
                            line: start
                        )
                    }
                    cells.append(String(decoding: cell, as: UTF8.self))
                    cell = []
                case 0x0D where bytes.first == 0x0A: continue
                case 0x0A: break reading
                default: cell.append(byte)
                }
            }
            line += 1
            cells.append(String(decoding: cell, as: UTF8.self))
            if isComment || cells == [""] { continue }
            count += 1
            guard count <= mostRows else {
                throw Diagnostic(
                    "too-long",
                    "has more than \(mostRows - 1) rows",
                    cure: "leave out rows that no transaction needs",
                    file: file,
                    line: start
                )
            }
            try take(Row(number: start, cells: cells))
        }
    }
}
