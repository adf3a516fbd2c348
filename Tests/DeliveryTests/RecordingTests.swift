import Delivery
import TestSupport
import Testing
import Transactions

/// TX0: what the API said, and nothing else.
struct `Recording` {
    @Test func `keeps a version for each content and counts what is new, changed and the same`()
        async throws
    {
        try await Place.with { place in
            let first = try place.record([.purchase("1"), .purchase("2")])
            #expect((first.new, first.changed, first.unchanged) == (2, 0, 0))
            let second = try place.record([.purchase("1", total: 9), .purchase("2")])
            #expect((second.new, second.changed, second.unchanged) == (0, 1, 1))
            let history = try #require(try place.ledger.histories(of: "1").first)
            #expect(history.versions.map(\.number) == [1, 2])
            #expect(
                history.versions.map { $0.transaction?.amount(.totalPrice)?.tenThousandths }
                    == [124_000, 9]
            )
        }
    }

    @Test func `matches lines of one id by content first, then by order`() async throws {
        try await Place.with { place in
            let (wash, fuel) = (
                Transaction.purchase("1", product: "Wash"),
                Transaction.purchase("1", product: "Fuel")
            )
            #expect(try place.record([wash, fuel]).new == 2)
            // The order is another, and one line has changed.
            let outcome = try place.record([fuel, .purchase("1", total: 5, product: "Wash")])
            #expect((outcome.new, outcome.changed, outcome.unchanged) == (0, 1, 1))
            let histories = try place.ledger.histories(of: "1")
            #expect(histories.map(\.key.line) == [1, 2])
            #expect(histories.map(\.versions.count) == [2, 1])
        }
    }

    @Test func `counts a row that stands in two answers once`() async throws {
        try await Place.with { place in
            let outcome = try place.record([.purchase("1"), .purchase("1")])
            #expect(outcome.new == 1)
        }
    }

    @Test func `reports as vanished what two runs twelve hours apart miss, and not before`()
        async throws
    {
        try await Place.with { place in
            let other = Transaction.purchase("2")
            try place.record([.purchase("1"), other], at: "2026-11-24T03:00:00Z")
            let first = try place.record([other], at: "2026-11-25T03:00:00Z", to: "2026-11-26")
            #expect(first.vanished.isEmpty)
            let soon = try place.record([other], at: "2026-11-25T14:59:00Z", to: "2026-11-26")
            #expect(soon.vanished.isEmpty)
            let later = try place.record([other], at: "2026-11-25T15:00:00Z", to: "2026-11-26")
            #expect(later.vanished.map(\.transactionId) == ["1"])
            let again = try place.record([other], at: "2026-11-26T15:00:00Z", to: "2026-11-27")
            #expect(again.vanished.isEmpty)
            let back = try place.record(
                [.purchase("1"), other],
                at: "2026-11-27T15:00:00Z",
                to: "2026-11-28"
            )
            #expect(back.returned.map(\.transactionId) == ["1"])
        }
    }

    @Test func `takes no row for missing that the answers need not have shown`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1", at: "2026-11-10T10:00:00Z")])
            for day in ["25", "26", "27"] {
                let outcome = try place.record(
                    [],
                    at: "2026-11-\(day)T03:00:00Z",
                    from: "2026-11-11",
                    to: "2026-11-\(day)"
                )
                #expect(outcome.vanished.isEmpty)
            }
        }
    }

    @Test func `counts an id under two contracts once when the content is the same`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            let other = try place.record([.purchase("1", contract: "123")], contract: "123")
            #expect(other.shared == 1)
            #expect(other.conflicts.isEmpty)
            #expect(try place.candidates().map(\.bar) == [nil])
        }
    }

    @Test func `stops an id under two contracts with other content until somebody has decided`()
        async throws
    {
        try await Place.with { place in
            try place.record([.purchase("1")])
            let row = Transaction.purchase("1", total: 7, contract: "123")
            #expect(try place.record([row], contract: "123").conflicts.count == 1)
            #expect(try place.candidates().map(\.bar) == [.twoContracts])
            let key = TransactionKey(feed: .contractTransactions, transactionId: "1")
            #expect(
                try place.ledger.settleConflict(
                    key,
                    contract: "123",
                    at: .at("2026-11-24T04:00:00Z")
                )
            )
            let candidate = try #require(try place.candidates().first)
            #expect(candidate.bar == nil)
            #expect(candidate.transaction.contractNumber == "123")
            #expect(candidate.transaction.amount(.totalPrice)?.tenThousandths == 7)
            // Neither side asks again.
            #expect(try place.record([.purchase("1")]).conflicts.isEmpty)
            #expect(try place.record([row], contract: "123").conflicts.isEmpty)
        }
    }

    @Test func `moves the sure days up to yesterday, and not past a row that cannot be read`()
        async throws
    {
        try await Place.with { place in
            let unread = Answered.Unread(
                transactionId: "9",
                reason: "field 'quantity' is absent",
                window: .days("2026-11-10", "2026-11-25")
            )
            try place.record([], unread: [unread])
            let coverage = try #require(try place.ledger.coverage().first)
            #expect(coverage.days == .days("2026-11-01", "2026-11-09"))
            #expect(try place.ledger.releaseUnread("9", at: .at("2026-11-24T04:00:00Z")) == 1)
            try place.record([], at: "2026-11-24T05:00:00Z", unread: [unread])
            #expect(
                try place.ledger.coverage().first?.days == .days("2026-11-01", "2026-11-23")
            )
        }
    }

    @Test func `leaves no hole in what is covered`() async throws {
        try await Place.with { place in
            try place.record([], from: "2026-11-10", to: "2026-11-20")
            try place.record([], from: "2026-10-01", to: "2026-10-20")
            #expect(
                try place.ledger.coverage().first?.days == .days("2026-11-10", "2026-11-19")
            )
            try place.record([], from: "2026-11-20", to: "2026-11-25")
            #expect(
                try place.ledger.coverage().first?.days == .days("2026-11-10", "2026-11-23")
            )
        }
    }

    @Test func `names the days that are out of the API's reach, and those that soon will be`()
        async throws
    {
        try await Place.with { place in
            try place.record([], from: "2026-11-10", to: "2026-11-20")
            let coverage = try #require(try place.ledger.coverage().first)
            // Five months before 17 April and two days more is 19 November.
            #expect(coverage.gap(today: .day("2027-04-17")) == nil)
            #expect(coverage.daysUntilGap(today: .day("2027-04-17")) == 2)
            #expect(coverage.daysUntilGap(today: .day("2027-04-18")) == 1)
            #expect(
                coverage.gap(today: .day("2027-04-19")) == .days("2026-11-20", "2026-11-20")
            )
            let gap = AcceptedGap(
                feed: .contractTransactions,
                contract: "22297",
                days: .days("2026-11-20", "2026-11-20")
            )
            try place.ledger.acceptGap(gap, at: .at("2027-04-19T03:00:00Z"))
            #expect(try place.ledger.acceptedGaps() == [gap])
            let after = try #require(try place.ledger.coverage().first)
            #expect(after.gap(today: .day("2027-04-19")) == nil)
        }
    }
}
