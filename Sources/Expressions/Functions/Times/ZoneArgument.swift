internal import Transactions

/// A time zone given with a call: a name of the tz database or an offset such as `+02:00` or `-09:30`.
///
/// A constant one is read when the expression is checked.
struct ZoneArgument: Sendable {
    private enum Zone {
        case named(TimeZoneRules)
        case offset(Int)
    }

    private let constant: Zone?

    init(_ site: CallSite, _ index: Int) throws(FunctionError) {
        guard let name = site.constantText(index) else {
            constant = nil
            return
        }
        do throws(EvaluationError) {
            constant = try Self.zone(name)
        } catch {
            throw FunctionError(
                .arguments,
                error.message,
                cure: "write a name such as 'Europe/Tallinn' or an offset such as '+02:00'",
                argument: index
            )
        }
    }

    /// Clock and calendar at an instant; `name` is the argument's value.
    func localTime(_ instant: UTCTimestamp, _ name: Value) throws(EvaluationError) -> LocalTime {
        let zone: Zone
        if let constant { zone = constant } else { zone = try Self.zone(name.asText) }
        return switch zone {
        case .named(let rules): rules.localTime(at: instant)
        case .offset(let seconds): LocalTime(instant, offset: seconds)
        }
    }

    private static func zone(_ name: String) throws(EvaluationError) -> Zone {
        if name == "UTC" || name == "Z" || name.isEmpty { return .offset(0) }
        if let offset = offset(name) { return .offset(offset) }
        do throws(TimeZoneRules.ReadingError) {
            return .named(try TimeZoneRules(identifier: name))
        } catch {
            throw EvaluationError(.arguments, error.description)
        }
    }

    /// Seconds of `+hh:mm`, `-hh:mm` or `hh:mm`; nil for other texts.
    private static func offset(_ text: String) -> Int? {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == 0x2D
        if bytes.first == 0x2D || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        let digits = Array(bytes)
        guard digits.count == 5, digits[2] == 0x3A,
            [0, 1, 3, 4].allSatisfy({ (0x30...0x39).contains(digits[$0]) })
        else { return nil }
        let hours = Int(digits[0] - 0x30) * 10 + Int(digits[1] - 0x30)
        let minutes = Int(digits[3] - 0x30) * 10 + Int(digits[4] - 0x30)
        guard hours <= 23, minutes <= 59 else { return nil }
        return (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
    }
}
