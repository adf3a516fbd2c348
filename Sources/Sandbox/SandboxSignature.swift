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

    private static var formatter: DateFormatter {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter
    }

    /// An instant as an HTTP-date.
    static func date(_ seconds: Int) -> String {
        formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }

    /// Seconds since 1970 of an HTTP-date; nil when it is none.
    static func seconds(_ text: String) -> Int? {
        formatter.date(from: text).map { Int($0.timeIntervalSince1970) }
    }
}
