internal import Delivery
internal import Transactions

/// Something that ends a command and belongs to no library.
struct RunError: Error, CustomStringConvertible {
    /// The status that it means.
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus = .unexpected, _ description: String) {
        self.status = status
        self.description = description
    }
}

/// A window that ends before it begins.
struct DeliveryWindowError: Error, CustomStringConvertible {
    let from: CalendarDate
    let to: CalendarDate

    var description: String { "there are no days from \(from) to \(to); check --from and --to" }
}

/// Days that nobody fetched while the API still answered for them.
struct GapError: Error, CustomStringConvertible {
    let gaps: [AcceptedGap]

    var description: String {
        let places = gaps.map { gap in
            "\(gap.feed.rawValue)\(gap.contract.map { " of contract \($0)" } ?? "") \(gap.days)"
        }
        return
            "the API no longer answers for \(places.joined(separator: ", ")): what was bought then and not fetched is lost to it; ask Alexela for these days, then run once with --accept-gap, which is recorded in ledger and manifests"
    }
}
