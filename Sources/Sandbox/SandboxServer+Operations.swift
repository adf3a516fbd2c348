internal import FlyingFox
internal import Foundation
internal import Synchronization

extension SandboxServer {
    /// The answer to a signed request.
    func result(of operation: String, _ request: HTTPRequest, _ body: Data) -> Answer {
        let isPost = request.method == .POST
        switch operation {
        case "ContractNumbers" where !isPost:
            let contracts = state.withLock { $0.books.contracts }
            return json("[" + contracts.map { "\"\($0)\"" }.joined(separator: ",") + "]")
        case "ContractTransactions":
            let query = isPost ? Self.fields(body) : Self.query(request.target.query())
            let contracts = state.withLock { $0.books.contracts }
            var places: [SandboxBooks.Place] = []
            for contract in query["contractNumbers"] ?? [] {
                guard let index = contracts.firstIndex(of: contract) else {
                    return envelope(403, "Contract \(Self.plain(contract)) is not allowed")
                }
                places.append(.contract(index))
            }
            return window(query, places)
        case "GetBonuscardTransactions" where isPost:
            return window(Self.fields(body), [.bonus])
        case "EvTransactions" where !isPost:
            guard settings.hasChargingSessions else {
                return envelope(403, "EvTransactions is not enabled")
            }
            return window(Self.query(request.target.query()), [.charging])
        case "DefineBonuscards" where isPost:
            let lists = Self.fields(body)
            guard let regular = lists["bonuscards"], let premium = lists["premiumBonuscards"] else {
                return envelope(400, "Both lists are needed")
            }
            state.withLock {
                $0.bonuscards = [
                    "bonuscards": regular.count, "premiumBonuscards": premium.count,
                ]
            }
            return json("{\"success\":true,\"data\":null,\"error\":null,\"message\":\"OK\"}")
        default: return envelope(404, "Not found")
        }
    }

    /// The rows of a window that keeps the documented limits, with the documented texts.
    private func window(_ query: [String: [String]], _ places: [SandboxBooks.Place]) -> Answer {
        guard let from = query["fromDate"]?.first.flatMap({ SandboxDay($0) }),
            let to = query["toDate"]?.first.flatMap({ SandboxDay($0) }), from <= to
        else { return envelope(400, "Wrong date format") }
        guard to.number - from.number <= 60 else {
            return envelope(400, "Only 60 days of search at one time is supported")
        }
        let (books, today) = state.withLock { ($0.books, $0.today) }
        guard from >= today.fiveMonthsEarlier else {
            return envelope(400, "Only search over last 5 months of transactions is supported")
        }
        guard !settings.refusesFutureDays || to <= today else {
            return envelope(400, "toDate is in the future")
        }
        let list = RowList(books, places, from: from, to: to, on: today, limit: settings.rowLimit)
        return Answer(status: 200, body: list.body)
    }

    private static func fields(_ body: Data) -> [String: [String]] {
        guard let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any] else {
            return [:]
        }
        return object.compactMapValues { value in
            (value as? [String]) ?? (value as? String).map { [$0] }
        }
    }

    private static func query(_ text: String) -> [String: [String]] {
        var fields: [String: [String]] = [:]
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            fields[String(sides[0])] = sides[1].replacing("%2C", with: ",")
                .split(separator: ",").map(String.init)
        }
        return fields
    }

    /// A text that cannot break the envelope it stands in.
    private static func plain(_ text: String) -> String {
        String(text.prefix(64).filter { $0.isLetter || $0.isNumber || "._-".contains($0) })
    }
}

/// A list of rows that is made piece by piece as it goes out.
final class RowList: Sendable {
    private let books: SandboxBooks
    private let places: [SandboxBooks.Place]
    private let window: (from: SandboxDay, to: SandboxDay, today: SandboxDay)
    private let limit: Int
    private let state = Mutex(Progress())

    private struct Progress {
        var place = 0
        var start = 0
        var rows = 0
        var isEnded = false
    }

    init(
        _ books: SandboxBooks,
        _ places: [SandboxBooks.Place],
        from: SandboxDay,
        to: SandboxDay,
        on today: SandboxDay,
        limit: Int?
    ) {
        self.books = books
        self.places = places
        window = (from, to, today)
        self.limit = limit ?? .max
    }

    /// The body: `[`, rows a thousand numbers at a time, `]`.
    var body: SandboxBody { SandboxBody(count: nil) { _ in self.piece() } }

    private func piece() -> [UInt8]? {
        state.withLock { progress in
            guard !progress.isEnded else { return nil }
            var text = progress.place == 0 && progress.start == 0 && progress.rows == 0 ? "[" : ""
            while progress.place < places.count, progress.rows < limit {
                let (rows, next) = books.rows(
                    places[progress.place],
                    from: window.from,
                    to: window.to,
                    on: window.today,
                    start: progress.start,
                    count: 1_000
                )
                for row in rows where progress.rows < limit {
                    text += (progress.rows == 0 ? "" : ",") + row.json
                    progress.rows += 1
                }
                progress.start = next ?? 0
                if next == nil { progress.place += 1 }
                if text.utf8.count > 1 { return Array(text.utf8) }
            }
            progress.isEnded = true
            return Array((text + "]").utf8)
        }
    }
}
