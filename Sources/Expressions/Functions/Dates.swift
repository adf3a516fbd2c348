internal import Transactions

/// Calendar and clock: `date`, `local`, `monthStart`, `monthEnd`, `addDays`, `addMonths` and the
/// parts `year`, `month`, `day`.
///
/// Instants become days and clock times in the configured time zone.
let dateFunctions: [Function] = [
    Function(
        "date",
        "date(timestamp) -> date",
        [
            Overload([.exactly(.timestamp)], .date) { context, values throws(EvaluationError) in
                guard case .timestamp(let instant) = values[0] else { return .absent }
                return .date(context.timeZone.localTime(at: instant).date)
            },
            Overload([.exactly(.datetime)], .date) { _, values throws(EvaluationError) in
                guard case .datetime(let time) = values[0] else { return .absent }
                return .date(time.date)
            },
            Overload([.exactly(.string)], .date) { _, values throws(EvaluationError) in
                guard case .string(let text) = values[0] else { return .absent }
                guard let date = CalendarDate(text) else {
                    throw EvaluationError("arguments", "'date' needs a day as yyyy-MM-dd")
                }
                return .date(date)
            },
        ]
    ),
    Function(
        "local",
        "local(timestamp) -> datetime",
        [
            Overload([.exactly(.timestamp)], .datetime) { context, values throws(EvaluationError) in
                guard case .timestamp(let instant) = values[0] else { return .absent }
                return .datetime(context.timeZone.localTime(at: instant))
            }
        ]
    ),
    Function(
        "monthStart",
        "monthStart(date) -> date",
        [
            Overload([.exactly(.date)], .date) { _, values throws(EvaluationError) in
                guard case .date(let date) = values[0] else { return .absent }
                return .date(date.monthStart)
            }
        ]
    ),
    Function(
        "monthEnd",
        "monthEnd(date) -> date",
        [
            Overload([.exactly(.date)], .date) { _, values throws(EvaluationError) in
                guard case .date(let date) = values[0] else { return .absent }
                return .date(date.monthEnd)
            }
        ]
    ),
    Function(
        "addDays",
        "addDays(date, int) -> date",
        [
            Overload([.exactly(.date), .exactly(.int)], .date) {
                _,
                values throws(EvaluationError) in
                guard case .date(let date) = values[0], case .int(let days) = values[1] else {
                    return .absent
                }
                guard let sum = date.adding(days: Int(days)) else {
                    throw Arithmetic.overflow("addDays")
                }
                return .date(sum)
            }
        ]
    ),
    Function(
        "addMonths",
        "addMonths(date, int) -> date",
        [
            Overload([.exactly(.date), .exactly(.int)], .date) {
                _,
                values throws(EvaluationError) in
                guard case .date(let date) = values[0], case .int(let months) = values[1] else {
                    return .absent
                }
                guard let sum = date.adding(months: Int(months)) else {
                    throw Arithmetic.overflow("addMonths")
                }
                return .date(sum)
            }
        ]
    ),
    part("year") { $0.components.year },
    part("month") { $0.components.month },
    part("day") { $0.components.day },
]

private func part(_ name: String, _ read: @escaping @Sendable (CalendarDate) -> Int) -> Function {
    Function(
        name,
        "\(name)(date) -> int",
        [
            Overload([.exactly(.date)], .int) { _, values throws(EvaluationError) in
                guard case .date(let date) = values[0] else { return .absent }
                return .int(Int64(read(date)))
            }
        ]
    )
}
