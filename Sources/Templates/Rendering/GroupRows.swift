internal import Transactions

/// The rows of a group, kept while its sums, parts and lines go over them, so that each is read once.
struct GroupRows {
    /// Groups of more rows are read again by each that goes over them: 4,096 rows take about 6 MB.
    static let most = 4_096

    private var positions: [Int] = []
    /// As many as there are positions; what is behind them is used again.
    private var rows: [ScannedRow] = []
    /// The rows' bytes, one behind the other; what is behind them is of earlier groups.
    private var bytes: [UInt8] = []
    private var starts: [Int] = []

    /// Makes rows at ascending places those at hand, unless they are among them already; false where
    /// there are too many.
    mutating func hold(_ wanted: [Int], of source: some TransactionSource) throws -> Bool {
        guard wanted.count <= Self.most else { return false }
        if isHeld(wanted) { return true }
        positions.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        var filled = 0
        for (index, position) in wanted.enumerated() {
            if index == rows.count { rows.append(ScannedRow(feed: .contractTransactions)) }
            filled += try source.readRow(at: position, &rows[index], &bytes, from: filled)
            starts.append(filled)
            positions.append(position)
        }
        return true
    }

    private func isHeld(_ wanted: [Int]) -> Bool {
        var place = 0
        for position in wanted {
            while place < positions.count, positions[place] < position { place += 1 }
            guard place < positions.count, positions[place] == position else { return false }
        }
        return true
    }

    /// Visits rows that are at hand.
    func visit(
        _ wanted: [Int],
        _ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void
    ) rethrows {
        // Spans: each row taken out of the array was a copy of all its columns (a twentieth of job C,
        // Swift 6.3).
        let (rows, positions, starts) = (rows.span, positions.span, starts.span)
        let bytes = bytes.span
        var place = 0
        for position in wanted {
            while positions[place] < position { place += 1 }
            try body(
                position,
                rows[place],
                bytes.extracting(starts[place]..<starts[place + 1])
            )
        }
    }
}
