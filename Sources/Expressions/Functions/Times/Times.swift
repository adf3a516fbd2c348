internal import Transactions

/// Instants and durations (cel-spec, Timestamps): `timestamp`, `duration` and the parts `getFullYear`,
/// `getMonth`, `getDate`, `getDayOfMonth`, `getDayOfWeek`, `getDayOfYear`, `getHours`, `getMinutes`,
/// `getSeconds`, `getMilliseconds`.
///
/// Parts are UTC's unless a zone is named: `timestamp('2026-11-01T22:30:00Z').getDate('Europe/Tallinn')`
/// is 2. As in CEL months, days of the month (`getDayOfMonth`) and days of the year count from 0, and
/// the hours, minutes and seconds of a duration are its whole length in that unit.
let timeFunctions: [Function] =
    [
        Function(
            "timestamp",
            "timestamp(string) or timestamp(int) -> timestamp",
            [
                Overload(.timestamp, to: .timestamp) { value throws(EvaluationError) in value },
                Overload(.int, to: .timestamp) { value throws(EvaluationError) in
                    guard let instant = UTCTimestamp(seconds: try value.asInt) else {
                        throw Arithmetic.timeOverflow("timestamp")
                    }
                    return .timestamp(instant)
                },
                Overload(.string, to: .timestamp) { text throws(EvaluationError) in
                    guard let instant = UTCTimestamp(rfc3339: try text.asText) else {
                        throw EvaluationError(
                            .conversion,
                            "'timestamp' needs a real instant such as 2026-11-01T22:30:00Z"
                        )
                    }
                    return .timestamp(instant)
                },
            ]
        ),
        Function(
            "duration",
            "duration(string) -> duration",
            [
                Overload(.duration, to: .duration) { value throws(EvaluationError) in value },
                Overload(.string, to: .duration) { text throws(EvaluationError) in
                    guard let duration = ExactDuration(try text.asText) else {
                        throw EvaluationError(
                            .conversion,
                            "'duration' needs numbers with units, such as 1h30m or 1.5s, within 292 years"
                        )
                    }
                    return .duration(duration)
                },
            ]
        ),
        part("getFullYear") { $0.date.components.year },
        part("getMonth") { $0.date.components.month - 1 },
        part("getDate") { $0.date.components.day },
        part("getDayOfMonth") { $0.date.components.day - 1 },
        part("getDayOfWeek") { $0.date.dayOfWeek },
        part("getDayOfYear") { $0.date.dayOfYear - 1 },
    ]
    + [
        part("getHours", unit: 3_600_000_000_000) { $0.hour },
        part("getMinutes", unit: 60_000_000_000) { $0.minute },
        part("getSeconds", unit: 1_000_000_000) { $0.second },
        part("getMilliseconds", unit: 1_000_000) { Int($0.nanoseconds) / 1_000_000 },
    ]

private func part(
    _ name: String,
    unit: Int64? = nil,
    _ read: @escaping @Sendable (LocalTime) -> Int
) -> Function {
    var overloads = [
        Overload(.timestamp, to: .int) { value throws(EvaluationError) in
            .int(Int64(read(LocalTime(try value.asInstant, offset: 0))))
        },
        Overload([.timestamp, .string]) { site throws(FunctionError) in
            let zone = try ZoneArgument(site, 1)
            return Prepared(
                .int,
                .unknown,
                .two { value, name throws(EvaluationError) in
                    .int(Int64(read(try zone.localTime(try value.asInstant, name))))
                }
            )
        },
    ]
    if let unit {
        overloads.append(
            Overload(.duration, to: .int) { value throws(EvaluationError) in
                let nanoseconds = try value.asDuration.nanoseconds
                // Of milliseconds CEL gives what is left over whole seconds.
                return .int(
                    unit == 1_000_000
                        ? nanoseconds % 1_000_000_000 / unit : nanoseconds / unit
                )
            }
        )
    }
    return Function(
        "." + name,
        "timestamp.\(name)() or timestamp.\(name)(zone) -> int",
        overloads
    )
}
