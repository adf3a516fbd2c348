internal import Crypto
internal import Foundation

/// The sandbox's own idea of a right signature, written from the API document alone.
enum SandboxSignature {
    /// The Authorization header that a request should have.
    static func expected(
        accessId: String,
        key: String,
        target: String,
        body: Data,
        date: String
    ) -> String {
        var hash = ""
        if !body.isEmpty {
            for byte in Insecure.MD5.hash(data: body) { hash += String(format: "%02x", byte) }
        }
        let start = target.range(of: "/api/")?.lowerBound ?? target.startIndex
        let canonical = ["application/json", hash, String(target[start...]), date]
            .joined(separator: ",")
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(canonical.utf8),
            using: SymmetricKey(data: Data(key.utf8))
        )
        return "APIAuth-HMAC-SHA256 \(accessId):\(Data(code).base64EncodedString())"
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// An instant as an HTTP-date (RFC 1123 form).
    static func date(_ seconds: Int) -> String {
        let day = SandboxDay(seconds: seconds)
        let (year, month, date) = day.parts
        let second = seconds - day.number * 86_400
        let clock = [second / 3_600, second / 60 % 60, second % 60]
            .map { String(format: "%02d", $0) }.joined(separator: ":")
        return "\(days[((day.number % 7) + 7) % 7]), \(String(format: "%02d", date)) "
            + "\(months[month - 1]) \(String(format: "%04d", year)) \(clock) GMT"
    }

    /// Seconds since 1970 of an HTTP-date; nil when it is none.
    static func seconds(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 6, let month = months.firstIndex(of: String(words[2])),
            let day = Int(words[1]), let year = Int(words[3])
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3 else { return nil }
        let start = SandboxDay(year: year, month: month + 1, day: day).number * 86_400
        let found = start + clock[0] * 3_600 + clock[1] * 60 + clock[2]
        // Only the one right spelling of an instant is taken.
        return date(found) == text ? found : nil
    }
}
