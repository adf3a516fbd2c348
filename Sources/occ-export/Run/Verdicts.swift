internal import Delivery
internal import Templates
internal import Transactions

/// A row that a batch shall carry.
struct Wanted: Sendable {
    let transaction: Transaction
    let version: Int
    let role: CarriedRole
    let selected: SelectedTransaction
}

/// What an export decides about its candidates: what goes out, what stays behind and why.
///
/// Pure: it reads no clock, no ledger and no file.
struct Verdicts: Sendable {
    /// What is sent for the first time, in order of time and key.
    private(set) var originals: [Wanted] = []
    /// Reversals and replacements, in the same order, a reversal before its replacement.
    private(set) var corrections: [Wanted] = []
    /// What stays behind and is tried again.
    private(set) var open: [OpenCandidate] = []
    /// What happened to transactions that were exported.
    private(set) var events: [TransactionEvent] = []
    /// What the export's condition left out, by product type.
    private(set) var notMatching: [String: Int] = [:]

    private let exportPlan: ExportPlan
    private var barredInvoices: Set<String> = []
    private let sentInvoices: [String: Int]
    private let zone: TimeZoneRules
    private let today: CalendarDate
    private var selector: Selector

    /// Decides.
    ///
    /// `zone`: the zone of accounting dates, by which days are counted. `batch`: the batch as far as it
    /// is known. `sentInvoices`: the invoices that went out and stand, with their batches, where the
    /// template makes invoices.
    init(
        _ candidates: [Candidate],
        of exportPlan: ExportPlan,
        zone: TimeZoneRules,
        batch: BatchContext,
        sentInvoices: [String: Int]
    ) {
        self.exportPlan = exportPlan
        self.sentInvoices = sentInvoices
        self.zone = zone
        selector = exportPlan.plan.selector(batch: batch)
        today = batch.day
        var settling: [(candidate: Candidate, selected: SelectedTransaction)] = []
        for candidate in candidates {
            guard candidate.standing != nil || isInTime(candidate.transaction) else { continue }
            if let standing = candidate.standing, !standing.isReversed {
                correct(candidate, standing)
            } else if candidate.choice == "drop" {
                drop(candidate)
            } else if let selected = select(candidate) {
                settling.append((candidate, selected))
            }
        }
        keepTogether(&settling)
        settle(settling)
    }

    /// Leaves behind what belongs to a document of which something is held or rejected; of a correction
    /// both halves, or it would be half done.
    private mutating func keepTogether(
        _ items: inout [(candidate: Candidate, selected: SelectedTransaction)]
    ) {
        items = items.filter { candidate, selected in
            guard let (kind, reason) = hindrance(of: selected) else { return true }
            leave(candidate, kind, reason.name, reason.message)
            return false
        }
        var hindered: Set<TransactionKey> = []
        for row in corrections where !hindered.contains(row.transaction.key) {
            guard let (kind, reason) = hindrance(of: row.selected) else { continue }
            hindered.insert(row.transaction.key)
            open.append(
                OpenCandidate(
                    key: row.transaction.key,
                    kind: kind,
                    reason: reason.name,
                    message: reason.message,
                    choice: nil
                )
            )
        }
        corrections.removeAll { hindered.contains($0.transaction.key) }
    }

    private mutating func hindrance(of selected: SelectedTransaction) -> (
        kind: OpenCandidate.Kind, reason: Reason
    )? {
        switch selector.hindrance(of: selected) {
        case .held(let reason)?: (reason.name == "waiting" ? .waiting : .held, reason)
        case .rejected(let reason)?: (.rejected, reason)
        default: nil
        }
    }

    private func isInTime(_ transaction: Transaction) -> Bool {
        if exportPlan.startsByInvoiceDate {
            // Without an invoice it waits, whenever it was bought.
            guard let instant = transaction.timestamp(.invoiceDate) else { return true }
            return zone.localTime(at: instant).date >= exportPlan.export.start
        }
        guard let instant = transaction.timestamp(.transactionTime) else { return false }
        return zone.localTime(at: instant).date >= exportPlan.export.start
    }

    private mutating func leave(
        _ candidate: Candidate,
        _ kind: OpenCandidate.Kind,
        _ reason: String,
        _ message: String
    ) {
        open.append(
            OpenCandidate(
                key: candidate.transaction.key,
                kind: kind,
                reason: reason,
                message: message,
                choice: [.correction, .dropped].contains(kind) ? candidate.choice : nil
            )
        )
    }

    /// Leaves out what an operator has let go, as long as it stays as it is.
    private mutating func drop(_ candidate: Candidate) {
        leave(candidate, .dropped, "dropped", "an operator has let it go")
    }

    /// Days after which a row that the answers lack is told, and not only waited for.
    private static let missingDays = 2

    /// Leaves a transaction behind that is barred; false when nothing bars it.
    private mutating func isBarred(_ candidate: Candidate) -> Bool {
        switch candidate.bar {
        case .missing:
            let since = candidate.missingSince.map { zone.localTime(at: $0).date } ?? today
            if let told = since.adding(days: Self.missingDays), told < today {
                leave(
                    candidate,
                    .held,
                    "missing",
                    "is missing in the answers for its day since \(since)"
                )
            } else {
                leave(candidate, .waiting, "missing", "was not in the last answer for its day")
            }
        case .vanished:
            leave(candidate, .held, "vanished", "is gone at the source")
        case .twoContracts:
            leave(
                candidate,
                .held,
                "two-contracts",
                "stands under two contracts with other content; see 'resolve'"
            )
        case nil: return false
        }
        if exportPlan.plan.hasDocuments, let invoice = candidate.transaction.text(.invoiceNo) {
            barredInvoices.insert(invoice)
        }
        return true
    }

    /// What the plan makes of a transaction; leaves it behind where it makes nothing.
    private mutating func select(_ candidate: Candidate) -> SelectedTransaction? {
        if isBarred(candidate) { return nil }
        // Charging sessions are exported once they are confirmed (trap 34).
        if let state = candidate.transaction.text(.transactionStatus), state != "confirmed" {
            leave(candidate, .waiting, "not-confirmed", "the session is not confirmed")
            return nil
        }
        switch selector.outcome(of: candidate.transaction) {
        case .selected(let selected): return selected
        case .notMatching where exportPlan.dependsOnDay:
            leave(candidate, .waiting, "not-matching", "the condition leaves it out today")
        case .notMatching:
            notMatching[candidate.transaction.text(.occProductType) ?? "none", default: 0] += 1
        case .held(let reason):
            let kind: OpenCandidate.Kind = reason.name == "waiting" ? .waiting : .held
            leave(candidate, kind, reason.name, reason.message)
        case .rejected(let reason):
            leave(candidate, .rejected, reason.name, reason.message)
        }
        return nil
    }

    /// Holds an invoice's transactions back until its last one has been there for the settling time.
    private mutating func settle(_ items: [(candidate: Candidate, selected: SelectedTransaction)]) {
        let days = exportPlan.export.settleDays
        let items = items.filter { !isLate($0.candidate) }
        var lastArrivals: [String: CalendarDate] = [:]
        func group(_ candidate: Candidate) -> String {
            candidate.transaction.text(.invoiceNo).map { "i\($0)" }
                ?? "t\(candidate.transaction.key)"
        }
        for (candidate, _) in items {
            let arrival = zone.localTime(at: candidate.seen).date
            let known = lastArrivals[group(candidate)] ?? arrival
            lastArrivals[group(candidate)] = max(known, arrival)
        }
        for (candidate, selected) in items {
            if candidate.choice != "send", let arrival = lastArrivals[group(candidate)],
                let due = arrival.adding(days: days), due > today
            {
                leave(candidate, .waiting, "settle", "waits until \(due)")
                continue
            }
            if let invoice = candidate.transaction.text(.invoiceNo),
                barredInvoices.contains(invoice)
            {
                leave(candidate, .held, "document", "a transaction of its invoice is kept back")
                continue
            }
            let wanted = Wanted(
                transaction: candidate.transaction,
                version: candidate.version,
                role: candidate.standing == nil ? .original : .replacement,
                selected: selected
            )
            if candidate.standing == nil {
                originals.append(wanted)
            } else {
                corrections.append(wanted)
            }
        }
    }

    /// Whether a row came after its invoice had gone out: a second invoice of that number would be
    /// made of it, so somebody must decide.
    private mutating func isLate(_ candidate: Candidate) -> Bool {
        guard candidate.standing == nil, candidate.choice != "send",
            let invoice = candidate.transaction.text(.invoiceNo), let batch = sentInvoices[invoice]
        else { return false }
        if candidate.choice != "keep" {
            leave(
                candidate,
                .correction,
                "document",
                "came after its invoice '\(invoice)' was sent in batch \(batch)"
            )
        }
        return true
    }

    // MARK: Corrections

    private mutating func correct(_ candidate: Candidate, _ standing: Candidate.Standing) {
        let new = candidate.transaction
        guard let old = standing.transaction else {
            // Its values are purged, or only reconcile knows of it: fingerprints are all there is.
            guard exportPlan.material(new) != standing.material else { return }
            tell("changed", candidate, "what was sent is no longer known")
            // It cannot be negated, only sent anew.
            if candidate.choice == "send" {
                replace(candidate)
                return
            }
            hold(candidate, "changed; what was sent is no longer known")
            return
        }
        let differing = exportPlan.differences(old, new)
        // What merely appears is an event of its own, no change.
        let appeared = differing.filter {
            [.invoiceNo, .invoiceDate].contains($0) && !old.has($0)
        }
        if appeared.contains(.invoiceNo) { tell("invoiced", candidate, "") }
        let material = exportPlan.materialFields
        let changed = differing.filter { material.contains($0) && !appeared.contains($0) }
        if !changed.isEmpty {
            tell("changed", candidate, changed.map(\.name).joined(separator: ", "))
        }
        if candidate.choice == "drop" {
            drop(candidate)
            return
        }
        if isBarred(candidate) { return }
        if appeared.contains(.invoiceNo), exportPlan.export.onInvoiced == .reverse {
            reverse(old, standing, candidate)
            return
        }
        guard !changed.isEmpty else { return }
        var policy = exportPlan.export.onChange
        switch candidate.choice {
        case "keep": return
        case "send": policy = exportPlan.acceptsReversals ? .reverseAndReplace : .replace
        default: break
        }
        switch policy {
        case .report: break
        case .hold:
            hold(candidate, "changed: \(changed.map(\.name).joined(separator: ", "))")
        case .replace: replace(candidate)
        case .reverseAndReplace: reverseAndReplace(old, standing, candidate)
        }
    }

    private mutating func tell(_ kind: String, _ candidate: Candidate, _ detail: String) {
        events.append(
            TransactionEvent(
                kind: kind,
                key: candidate.transaction.key,
                version: candidate.version,
                detail: detail
            )
        )
    }

    private mutating func hold(_ candidate: Candidate, _ message: String) {
        guard candidate.choice != "keep" else { return }
        leave(candidate, .correction, "changed", message)
    }

    private mutating func replace(_ candidate: Candidate) {
        let count = open.count
        if let state = candidate.transaction.text(.transactionStatus), state != "confirmed" {
            hold(
                candidate,
                "is no longer confirmed at the source; a template that accepts reversals can take it back"
            )
            return
        }
        guard let selected = select(candidate) else {
            // Without a reversal there is no way to say that nothing stands any more.
            if open.count == count {
                hold(candidate, "changed, and the export's condition leaves the new version out")
            }
            return
        }
        corrections.append(
            Wanted(
                transaction: candidate.transaction,
                version: candidate.version,
                role: .replacement,
                selected: selected
            )
        )
    }

    private mutating func reverseAndReplace(
        _ old: Transaction,
        _ standing: Candidate.Standing,
        _ candidate: Candidate
    ) {
        let count = open.count
        let isCancelled = candidate.transaction.text(.transactionStatus).map { $0 != "confirmed" }
        if isCancelled == true {
            reverse(old, standing, candidate)
            return
        }
        let selected = select(candidate)
        // What cannot be written yet must not be negated yet either.
        guard open.count == count else { return }
        reverse(old, standing, candidate)
        if let selected {
            corrections.append(
                Wanted(
                    transaction: candidate.transaction,
                    version: candidate.version,
                    role: .replacement,
                    selected: selected
                )
            )
        }
    }

    /// Negates what was sent, exactly: the ledger's version of then, whatever the condition says now.
    private mutating func reverse(
        _ old: Transaction,
        _ standing: Candidate.Standing,
        _ candidate: Candidate
    ) {
        corrections.append(
            Wanted(
                transaction: old,
                version: standing.version,
                role: .reversal,
                selected: SelectedTransaction(old, reverses: standing.batch)
            )
        )
    }
}
