/// The sandbox's rows as of a day: made up when asked for, with what tests changed on top.
struct SandboxBooks: Sendable {
    /// One list of rows: a feed, and the contract where the feed has them.
    enum Place: Hashable, Sendable {
        case contract(Int)
        case bonus
        case charging
    }

    let contracts: [String]
    private let goods: SandboxGoods
    private let events: SandboxEvents
    private let seed: UInt64
    /// The first day with rows.
    private let first: SandboxDay
    private let rows: Int
    /// What tests added, changed and took away, by place's name.
    private var added: [String: [SandboxRow]] = [:]
    private var changed: [String: [String: [(key: String, json: String)]]] = [:]
    private var removed: [String: Set<String>] = [:]

    /// A day before all rows.
    static let earliest = SandboxDay(year: 1, month: 1, day: 1)

    /// Days over which the `rows` are spread; after them it goes on at the same rate.
    static let span = 150

    /// Makes the books.
    ///
    /// `today`: the day up to which `rows` purchases are spread over 150 days.
    init(
        seed: UInt64,
        today: SandboxDay,
        rows: Int,
        contracts: Int,
        events: SandboxEvents
    ) {
        let known = ["22297", "123", "30051"]
        self.contracts = (0..<contracts).map { $0 < 3 ? known[$0] : "\(40_000 + $0)" }
        goods = SandboxGoods(seed: seed, contracts: self.contracts)
        self.seed = seed
        self.events = events
        self.rows = rows
        first = today.adding(-(Self.span - 1))
    }

    /// Names of all lists, in order: `contract-transactions/22297`.
    var places: [(name: String, place: Place)] {
        [("bonuscard-transactions", .bonus)]
            + contracts.indices.map {
                ("contract-transactions/\(contracts[$0])", .contract($0))
            }.sorted { $0.0 < $1.0 } + [("ev-transactions", .charging)]
    }

    /// The place of that name.
    func place(named name: String) -> Place? { places.first { $0.name == name }?.place }

    private func name(of place: Place) -> String {
        switch place {
        case .contract(let index): "contract-transactions/\(contracts[index])"
        case .bonus: "bonuscard-transactions"
        case .charging: "ev-transactions"
        }
    }

    /// Rows a span of days in a place.
    private func rate(_ place: Place) -> Int {
        if case .contract = place { return rows }
        return max(1, rows / 8)
    }

    private func day(_ number: Int, rate: Int) -> SandboxDay {
        first.adding(number * Self.span / rate)
    }

    // MARK: Reading

    /// Gives the rows of a place whose day is in the window, in order, as they are on `today`.
    ///
    /// `start` says where to begin; the result where to go on, nil at the end. At most `count` numbers
    /// are looked at, so that a large answer is never whole in memory.
    func rows(
        _ place: Place,
        from: SandboxDay,
        to: SandboxDay,
        on today: SandboxDay,
        start: Int = 0,
        count: Int = .max
    ) -> (rows: [SandboxRow], next: Int?) {
        let rate = rate(place)
        var found: [SandboxRow] = []
        let name = name(of: place)
        let gone = removed[name] ?? []
        let changes = changed[name] ?? [:]
        let end = min(to, today)
        var number = start
        if start == 0, rate > 0, from > first {
            number = max(0, (from.number - first.number) * rate / Self.span - 1)
        }
        var looked = 0
        while rate > 0, day(number, rate: rate) <= end {
            guard looked < count else { return (found, number) }
            looked += 1
            if day(number, rate: rate) >= from {
                for var row in made(number, rate, place, on: today) where !gone.contains(row.id) {
                    if let change = changes[row.id] { row.set(change) }
                    found.append(row)
                }
            }
            number += 1
        }
        for var row in added[name] ?? []
        where row.day >= from && row.day <= to && row.day <= today && !gone.contains(row.id) {
            if let change = changes[row.id] { row.set(change) }
            found.append(row)
        }
        return (found, nil)
    }

    private func made(
        _ number: Int,
        _ rate: Int,
        _ place: Place,
        on today: SandboxDay
    ) -> [SandboxRow] {
        let day = day(number, rate: rate)
        switch place {
        case .bonus:
            let life = SandboxLife(
                events.intersection(.late),
                seed: seed,
                number: 5_000_000 + number,
                day: day
            )
            return life.isVisible(on: today) ? [goods.bonus(number, day)] : []
        case .charging: return [goods.charging(number, day, on: today)]
        case .contract(let index):
            let owner = number % contracts.count
            // The contract before this one may share a row with it.
            guard owner == index || (owner + 1) % contracts.count == index else { return [] }
            let life = SandboxLife(events, seed: seed, number: number, day: day)
            guard life.isVisible(on: today), owner == index || life.isShared else { return [] }
            let isCorrected =
                (life.corrected.map { today >= $0 } ?? false)
                || owner != index && life.isSharedDifferently
            var rows = [goods.purchase(number, place: owner, day, isCorrected: isCorrected)]
            if life.hasSecondLine {
                rows.append(goods.purchase(number, place: owner, day, line: 2))
            }
            for index in rows.indices { goods.invoice(&rows[index], place: owner, on: today) }
            return life.isDoubled ? rows + rows : rows
        }
    }

    // MARK: What tests change

    /// Changes fields of a row; false when there is none on that day.
    mutating func set(
        _ name: String,
        id: String,
        _ changes: [(key: String, json: String)],
        on today: SandboxDay
    ) -> Bool {
        guard has(name, id, on: today) else { return false }
        var all = changed[name]?[id] ?? []
        for change in changes {
            all.removeAll { $0.key == change.key }
            all.append(change)
        }
        changed[name, default: [:]][id] = all
        return true
    }

    /// Adds a row; false when there is no such place.
    mutating func add(_ name: String, _ row: SandboxRow) -> Bool {
        guard place(named: name) != nil else { return false }
        added[name, default: []].append(row)
        removed[name]?.remove(row.id)
        return true
    }

    /// Takes a row away; false when there is none on that day.
    mutating func remove(_ name: String, id: String, on today: SandboxDay) -> Bool {
        guard has(name, id, on: today) else { return false }
        added[name]?.removeAll { $0.id == id }
        removed[name, default: []].insert(id)
        return true
    }

    private func has(_ name: String, _ id: String, on today: SandboxDay) -> Bool {
        guard let place = place(named: name) else { return false }
        return rows(place, from: Self.earliest, to: today, on: today).rows
            .contains { $0.id == id }
    }
}
