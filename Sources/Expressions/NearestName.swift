/// The known name most like one that is not known, for "did you mean"; nil when none is near.
///
/// Near means: at most a third of the letters changed, added, dropped or swapped, or other case only.
public func nearestName(to name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard wanted.count <= 100 else { return nil }
    var best: (name: String, distance: Int)?
    // A name with a blank behind it is one of ours that nobody can write.
    for candidate in known where !candidate.hasSuffix(" ") {
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard letters.count <= 100 else { continue }
        let distance = editDistance(wanted, letters)
        if distance <= max(1, max(wanted.count, letters.count) / 3),
            distance < best?.distance ?? .max
        {
            best = (candidate, distance)
        }
    }
    return best?.name
}

/// Damerau-Levenshtein distance with adjacent swaps (optimal string alignment).
private func editDistance(_ one: [Unicode.Scalar], _ two: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...two.count)
    for row in 0..<one.count {
        var current = [row + 1]
        for column in 0..<two.count {
            var cost = min(
                last[column] + (one[row] == two[column] ? 0 : 1),
                last[column + 1] + 1,
                current[column] + 1
            )
            if row > 0, column > 0, one[row] == two[column - 1], one[row - 1] == two[column] {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[two.count]
}
