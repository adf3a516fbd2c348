internal import Crypto
internal import FoundationEssentials
public import Transactions

/// Signs requests exactly as the API document describes (section 1.2).
public struct RequestSigner: Sendable {
    /// What stands for the MD5 of a request without a body.
    public enum EmptyBody: String, CaseIterable, Sendable {
        /// Nothing.
        case empty
        /// The MD5 of no bytes.
        case md5
    }

    /// Which part of the request target is signed.
    public enum Target: String, CaseIterable, Sendable {
        /// From the first `/api/` on.
        case fromAPI = "from_api"
        /// All of it.
        case full
    }

    let accessId: String
    let key: PreSharedKey
    let emptyBody: EmptyBody
    let target: Target

    /// Makes a signer.
    public init(
        accessId: String,
        key: PreSharedKey,
        emptyBody: EmptyBody = .empty,
        target: Target = .fromAPI
    ) {
        self.accessId = accessId
        self.key = key
        self.emptyBody = emptyBody
        self.target = target
    }

    /// The text that is signed: `application/json,MD5,URI,Date`.
    ///
    /// It holds no secret.
    public func canonicalString(target uri: String, body: [UInt8]?, date: String) -> String {
        let hash: String
        if let body {
            hash = Self.md5(body)
        } else {
            hash = emptyBody == .md5 ? Self.md5([]) : ""
        }
        var signed = Substring(uri)
        if target == .fromAPI, let start = uri.firstRange(of: "/api/") {
            signed = uri[start.lowerBound...]
        }
        return "application/json,\(hash),\(signed),\(date)"
    }

    /// The Authorization header's value.
    public func authorization(target uri: String, body: [UInt8]?, date: String) -> String {
        let text = canonicalString(target: uri, body: body, date: date)
        return "APIAuth-HMAC-SHA256 \(accessId):\(key.signature(of: text))"
    }

    /// MD5 in lower-case hexadecimal.
    private static func md5(_ bytes: [UInt8]) -> String {
        Insecure.MD5.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// Dates of HTTP headers (RFC 1123 form: two-digit day, English names, GMT).
public enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Tue, 05 Jul 2022 07:08:09 GMT`.
    public static func text(_ instant: UTCTimestamp) -> String {
        let time = LocalTime(instant, offset: 0)
        let (year, month, day) = time.date.components
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let years = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return "\(days[time.date.dayOfWeek]), \(two(day)) \(months[month - 1]) \(years) "
            + "\(two(time.hour)):\(two(time.minute)):\(two(time.second)) GMT"
    }

    /// The instant that such a text means; nil for anything else.
    public static func instant(_ text: String) -> UTCTimestamp? {
        let parts = text.split { $0 == " " || $0 == "," || $0 == ":" }
        guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
            let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]),
            let date = CalendarDate(year: year, month: month + 1, day: day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return UTCTimestamp(startOf: date).adding(
            seconds: Int64(hour * 3_600 + minute * 60 + second)
        )
    }
}
