/// One thing that `doctor` looked at, and what it found.
struct Examination: Encodable {
    /// How it is.
    enum Verdict: String, Encodable {
        /// As it should be.
        case fine
        /// A run works, and somebody should look.
        case warning
        /// A run would fail.
        case failed
    }

    let name: String
    let verdict: Verdict
    let says: String

    /// The line a terminal shows.
    var line: String {
        switch verdict {
        case .fine: "ok    \(name): \(says)"
        case .warning: "look  \(name): \(says)"
        case .failed: "FAIL  \(name): \(says)"
        }
    }
}

/// What a check comes to when nothing is wrong, or nothing grave.
struct Finding {
    let verdict: Examination.Verdict
    let says: String

    static func fine(_ says: String) -> Finding { Finding(verdict: .fine, says: says) }

    /// Fine, with remarks that are worth a look where there are any.
    static func fine(_ says: String, but remarks: [String]) -> Finding {
        remarks.isEmpty
            ? .fine(says)
            : Finding(
                verdict: .warning,
                says: ([says] + remarks).joined(separator: says.contains("\n") ? "\n      " : "; ")
            )
    }
}

/// All that was looked at, in order.
struct Diagnosis {
    private(set) var examinations: [Examination] = []
    /// The first thing that failed, which decides the exit status.
    private(set) var firstFailure: (any Error)?

    /// Makes a check and notes what it found.
    mutating func look(_ name: String, _ check: () async throws -> Finding) async {
        do {
            let finding = try await check()
            examinations.append(
                Examination(name: name, verdict: finding.verdict, says: finding.says)
            )
        } catch {
            // The error stands in the report, and the first one decides the status.
            examinations.append(Examination(name: name, verdict: .failed, says: "\(error)"))
            firstFailure = firstFailure ?? error
        }
    }
}
