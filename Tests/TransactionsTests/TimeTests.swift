import Testing
import Transactions

struct `Days and times` {
    @Test func `30 February is no day`() {
        #expect(CalendarDate("2026-02-30") == nil)
        #expect(CalendarDate("2024-02-29")?.description == "2024-02-29")
        #expect(CalendarDate("1900-02-29") == nil)
    }

    @Test func `every day from 1900 to 2100 comes back from its components`() throws {
        var day = try #require(CalendarDate("1900-01-01"))
        let last = try #require(CalendarDate("2100-12-31"))
        while day < last {
            let (year, month, number) = day.components
            #expect(CalendarDate(year: year, month: month, day: number) == day)
            day = try #require(day.adding(days: 1))
        }
    }

    @Test(arguments: [
        ("2020-02-26T14:02:36.994Z", "2020-02-26T14:02:36.994Z"),
        ("2020-02-26 14:02:36", "2020-02-26T14:02:36Z"),
        ("2020-02-26T14:02:36.1234567+02:00", "2020-02-26T12:02:36.1234567Z"),
        ("2020-02-26t23:59:59z", "2020-02-26T23:59:59Z"),
    ])
    func `date-times are read as the API and its relatives write them`(
        _ text: String,
        _ expected: String
    ) {
        #expect(UTCTimestamp(text)?.description == expected)
    }

    @Test(arguments: [
        "2020-02-30T00:00:00Z", "2020-02-26", "2020-02-26T24:00:00Z", "2020-02-26T14:02:36.Z",
        "2020-02-26T14:02:36.1234567890Z", "2020-02-26T14:02:36X", "",
    ])
    func `what is no real date-time is refused`(_ text: String) {
        #expect(UTCTimestamp.reading(Array(text.utf8)) == nil)
    }

    @Test func `0001-01-01 means none`() {
        #expect(
            UTCTimestamp.reading(Array("0001-01-01T00:00:00".utf8)) == UTCTimestamp.Reading.none
        )
    }

    @Test func `22:30Z on 31 December is next year in Tallinn`() throws {
        let zone = try TimeZoneRules(identifier: "Europe/Tallinn")
        let instant = try #require(UTCTimestamp("2026-12-31T22:30:00Z"))
        #expect(zone.localTime(at: instant).description == "2027-01-01T00:30:00")
    }

    @Test(arguments: [
        ("2026-10-25T00:59:59Z", 10_800), ("2026-10-25T01:00:00Z", 7_200),
        ("2026-03-29T00:59:59Z", 7_200), ("2026-03-29T01:00:00Z", 10_800),
        // After the file's table: its footer's rule, EET-2EEST,M3.5.0/3,M10.5.0/4.
        ("2090-07-01T00:00:00Z", 10_800), ("2090-12-01T00:00:00Z", 7_200),
    ])
    func `clock changes are kept`(_ text: String, _ offset: Int) throws {
        let zone = try TimeZoneRules(identifier: "Europe/Tallinn")
        #expect(zone.offset(at: try #require(UTCTimestamp(text))) == offset)
    }

    @Test func `a zone's name cannot leave the database's folder`() {
        #expect(throws: TimeZoneRules.ReadingError.self) {
            try TimeZoneRules(identifier: "../../etc/passwd")
        }
    }

    @Test func `a window of 61 days becomes two slices without gap or overlap`() throws {
        let from = try #require(CalendarDate("2026-01-01"))
        let last = try #require(from.adding(days: 60))
        let window = try #require(Window(from: from, to: last))
        let slices = window.slices()
        #expect(slices.map(\.description) == ["2026-01-01..2026-01-31", "2026-02-01..2026-03-02"])
    }

    @Test func `five months before 31 July is the end of February, and two days are left`() throws {
        let today = try #require(CalendarDate("2026-07-31"))
        #expect(Window.earliestDay(today: today).description == "2026-03-02")
    }
}

struct `Transactions` {
    @Test func `content comes back as it went in`() throws {
        var builder = Transaction.Builder(feed: .contractTransactions)
        builder.set(.transactionId, "7")
        builder.set(.driverName, "Žanna")
        builder.set(.quantity, try #require(FixedDecimal("-12.5")))
        builder.set(.transactionTime, try #require(UTCTimestamp("2026-11-01T05:06:07.5Z")))
        builder.set(.odometerReadout, 120_345)
        let transaction = builder.build(contractNumber: "22297")
        let again = try #require(
            Transaction(
                feed: .contractTransactions,
                contractNumber: "22297",
                line: 1,
                restoring: transaction.record
            )
        )
        #expect(again == transaction)
        #expect(again.text(.driverName) == "Žanna")
        #expect(again.amount(.quantity)?.description == "-12.5")
        #expect(again.timestamp(.transactionTime)?.description == "2026-11-01T05:06:07.5Z")
        #expect(again.integer(.odometerReadout) == 120_345)
        #expect(again.text(.invoiceNo) == nil)
    }

    @Test func `bytes that are no record are refused, each one changed or cut`() throws {
        var builder = Transaction.Builder(feed: .evTransactions)
        builder.set(.transactionId, "9")
        builder.set(.chargerId, "EV-1")
        let record = builder.build(contractNumber: nil).record
        for length in 0..<record.count {
            #expect(
                Transaction(
                    feed: .evTransactions,
                    contractNumber: nil,
                    line: 1,
                    restoring: Array(record[..<length])
                ) == nil
            )
        }
        for index in record.indices {
            var changed = record
            changed[index] ^= 0xFF
            // Refused or readable: never a trap.
            let read = Transaction(
                feed: .evTransactions,
                contractNumber: nil,
                line: 1,
                restoring: changed
            )
            for field in Field.allCases { _ = read?.text(field) }
        }
    }
}
