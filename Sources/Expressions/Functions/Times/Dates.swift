internal import Transactions

/// Calendar and clock: `date`, `local`, `monthStart`, `monthEnd`, `addDays`, `addMonths` and the
/// parts `year`, `month`, `day`.
///
/// Instants become days and clock times in the configured time zone, or in one named:
/// `date(timestamp('2026-10-31T22:30:00Z'))` is 2026-11-01 in Tallinn.
let dateFunctions: [Function] = [
    Function(
        "date",
        "date(timestamp) or date(timestamp, zone) or date(datetime) or date(string) -> date",
        [
            Overload([.timestamp]) { site throws(FunctionError) in
                let zone = site.timeZone
                var prepared = Prepared(
                    .date,
                    .unknown,
                    .one { instant throws(EvaluationError) in
                        .date(zone.localTime(at: try instant.asInstant).date)
                    }
                )
                prepared.step = .date(zone)
                return prepared
            },
            Overload([.timestamp, .string]) { site throws(FunctionError) in
                let zone = try ZoneArgument(site, 1)
                return Prepared(
                    .date,
                    .unknown,
                    .two { instant, name throws(EvaluationError) in
                        .date(try zone.localTime(try instant.asInstant, name).date)
                    }
                )
            },
            Overload(.exactly(.datetime), to: .date) { value throws(EvaluationError) in
                guard case .datetime(let time) = value else { return .absent }
                return .date(time.date)
            },
            Overload(.string, to: .date) { text throws(EvaluationError) in
                guard let date = CalendarDate(try text.asText) else {
                    throw EvaluationError(.conversion, "'date' needs a real day as yyyy-MM-dd")
                }
                return .date(date)
            },
        ]
    ),
    Function(
        "local",
        "local(timestamp) or local(timestamp, zone) -> datetime",
        [
            Overload([.timestamp]) { site throws(FunctionError) in
                let zone = site.timeZone
                var prepared = Prepared(
                    .datetime,
                    .unknown,
                    .one { instant throws(EvaluationError) in
                        .datetime(zone.localTime(at: try instant.asInstant))
                    }
                )
                prepared.step = .local(zone)
                return prepared
            },
            Overload([.timestamp, .string]) { site throws(FunctionError) in
                let zone = try ZoneArgument(site, 1)
                return Prepared(
                    .datetime,
                    .unknown,
                    .two { instant, name throws(EvaluationError) in
                        .datetime(try zone.localTime(try instant.asInstant, name))
                    }
                )
            },
        ]
    ),
    step("monthStart") { $0.monthStart },
    step("monthEnd") { $0.monthEnd },
    move("addDays") { date, days in date.adding(days: days) },
    move("addMonths") { date, months in date.adding(months: months) },
    part("year", digits: 4) { $0.components.year },
    part("month", digits: 2) { $0.components.month },
    part("day", digits: 2) { $0.components.day },
]

private func step(_ name: String, _ apply: @escaping @Sendable (CalendarDate) -> CalendarDate)
    -> Function
{
    Function(
        name,
        "\(name)(date) -> date",
        [
            Overload(.date, to: .date) { date throws(EvaluationError) in
                .date(apply(try date.asDate))
            }
        ]
    )
}

private func move(
    _ name: String,
    _ apply: @escaping @Sendable (CalendarDate, Int) -> CalendarDate?
) -> Function {
    Function(
        name,
        "\(name)(date, int) -> date",
        [
            Overload(.date, .int, to: .date) { date, count throws(EvaluationError) in
                guard let moved = apply(try date.asDate, Int(try count.asInt)) else {
                    throw Arithmetic.timeOverflow(name)
                }
                return .date(moved)
            }
        ]
    )
}

private func part(_ name: String, digits: Int, _ read: @escaping @Sendable (CalendarDate) -> Int)
    -> Function
{
    Function(
        name,
        "\(name)(date) -> int",
        [
            Overload([.date]) { _ throws(FunctionError) in
                Prepared(
                    .int,
                    Bounds(wholeDigits: digits, isNonNegative: true),
                    .one { date throws(EvaluationError) in .int(Int64(read(try date.asDate))) }
                )
            }
        ]
    )
}
