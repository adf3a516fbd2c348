internal import Foundation
internal import Synchronization

extension SandboxServer {
    /// A change to a row; values are JSON texts, which go out as they are.
    private struct Edit: Decodable {
        let feed: String
        let contract: String?
        let transactionId: String
        let day: String?
        let set: [String: String]?
        let add: [String: String]?
        let remove: Bool?
    }

    /// What `/sandbox/clock` takes: an instant, or seconds ahead of the system's clock.
    private struct Clock: Decodable {
        let now: String?
        let offset: Int?
    }

    /// The unsigned part, for tests and rehearsals: faults, edits, day, clock, log, books, sums.
    func control(_ path: String, _ method: String, _ query: String, _ body: Data) -> Answer {
        do {
            switch (path, method) {
            case ("/sandbox/faults", "POST"):
                let faults = try JSONDecoder().decode([SandboxFault].self, from: body)
                state.withLock { $0.faults = faults }
            case ("/sandbox/today", "POST"):
                let days = try JSONDecoder().decode([String: String].self, from: body)
                guard let day = days["today"].flatMap({ SandboxDay($0) }) else {
                    return envelope(400, "today is no day as yyyy-MM-dd")
                }
                state.withLock { $0.today = day }
            case ("/sandbox/clock", "POST"):
                return setClock(try JSONDecoder().decode(Clock.self, from: body))
            case ("/sandbox/edit", "POST"):
                return apply(try JSONDecoder().decode(Edit.self, from: body))
            case ("/sandbox/log", "GET"):
                let log = state.withLock { $0.log }
                return json(String(decoding: try JSONEncoder().encode(log), as: UTF8.self))
            case ("/sandbox/bonuscards", "GET"):
                let counts = state.withLock { $0.bonuscards }
                return json(
                    "{"
                        + counts.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
                        .joined(separator: ",") + "}"
                )
            case ("/sandbox/books", "GET"): return books()
            case ("/sandbox/sums", "GET"): return sums()
            default: return envelope(404, "Not found")
            }
        } catch {
            return envelope(400, "the body is not understood")
        }
        return json("{}")
    }

    private func setClock(_ clock: Clock) -> Answer {
        let system = Int(Date().timeIntervalSince1970)
        if let text = clock.now {
            guard text.utf8.count == 20, text.hasSuffix("Z"),
                let day = SandboxDay(String(text.prefix(10)))
            else { return envelope(400, "now is no instant as yyyy-MM-ddTHH:MM:SSZ") }
            let parts = text.dropFirst(11).dropLast().split(separator: ":").compactMap { Int($0) }
            guard parts.count == 3, (0...23).contains(parts[0]), (0...59).contains(parts[1]),
                (0...59).contains(parts[2])
            else { return envelope(400, "now is no instant as yyyy-MM-ddTHH:MM:SSZ") }
            let seconds = day.number * 86_400 + parts[0] * 3_600 + parts[1] * 60 + parts[2]
            state.withLock {
                $0.clockOffset = seconds - system
                $0.today = day
            }
        } else if let offset = clock.offset {
            state.withLock { $0.clockOffset = offset }
        } else {
            return envelope(400, "now or offset is needed")
        }
        return json("{}")
    }

    private func apply(_ edit: Edit) -> Answer {
        let name = edit.contract.map { "\(edit.feed)/\($0)" } ?? edit.feed
        let done = state.withLock { state in
            if let fields = edit.add {
                let day = edit.day.map { SandboxDay($0) } ?? state.today
                guard let day else { return false }
                return state.books.add(
                    name,
                    SandboxRow(
                        id: edit.transactionId,
                        day: day,
                        fields: fields.sorted { $0.key < $1.key }.map {
                            (key: $0.key, json: $0.value)
                        }
                    )
                )
            }
            if edit.remove == true {
                return state.books.remove(name, id: edit.transactionId, on: state.today)
            }
            return state.books.set(
                name,
                id: edit.transactionId,
                (edit.set ?? [:]).sorted { $0.key < $1.key }.map { (key: $0.key, json: $0.value) },
                on: state.today
            )
        }
        return done ? json("{}") : envelope(404, "no such list or row")
    }

    // MARK: The truth

    /// All rows as of today, a list a place.
    private func books() -> Answer {
        let (books, today) = state.withLock { ($0.books, $0.today) }
        let lists = books.places.map { entry in
            (
                name: entry.name,
                list: RowList(
                    books,
                    [entry.place],
                    from: SandboxBooks.earliest,
                    to: today,
                    on: today,
                    limit: nil
                ).body
            )
        }
        let steps = Mutex((list: 0, step: 0))
        return Answer(
            status: 200,
            body: SandboxBody(count: nil) { _ in
                steps.withLock { at in
                    while at.list < lists.count {
                        var bytes: [UInt8] = []
                        if at.step == 0 {
                            bytes = Array(
                                ((at.list == 0 ? "{" : ",") + "\"\(lists[at.list].name)\":").utf8
                            )
                        }
                        if let piece = lists[at.list].list.source(at.step) {
                            at.step += 1
                            return bytes + piece
                        }
                        at = (at.list + 1, 0)
                    }
                    guard at.list == lists.count else { return nil }
                    at.list += 1
                    return [0x7D]
                }
            }
        )
    }

    /// Counts and sums by place and currency, of the rows as of today; exact, four decimals.
    private func sums() -> Answer {
        let (books, today) = state.withLock { ($0.books, $0.today) }
        let keys = ["quantity", "totalPrice", "netAmount", "vatAmount"]
        var places: [String] = []
        for (name, place) in books.places {
            var totals: [String: (count: Int, sums: [Int])] = [:]
            var start: Int? = 0
            while let from = start {
                let (rows, next) = books.rows(
                    place,
                    from: SandboxBooks.earliest,
                    to: today,
                    on: today,
                    start: from,
                    count: 1_000
                )
                for row in rows {
                    let currency = row["currency"].map { String($0.dropFirst().dropLast()) } ?? ""
                    var total = totals[currency] ?? (0, keys.map { _ in 0 })
                    total.count += 1
                    for (index, key) in keys.enumerated() {
                        total.sums[index] += row[key].flatMap(SandboxRow.tenThousandths) ?? 0
                    }
                    totals[currency] = total
                }
                start = next
            }
            let parts = totals.sorted { $0.key < $1.key }.map { currency, total in
                "\(SandboxRow.text(currency)):{\"count\":\(total.count),"
                    + zip(keys, total.sums).map {
                        "\"\($0)\":\"\(SandboxRow.amount($1, isShort: false))\""
                    }.joined(separator: ",") + "}"
            }
            places.append("\"\(name)\":{" + parts.joined(separator: ",") + "}")
        }
        return json("{" + places.joined(separator: ",") + "}")
    }
}
