/// What Tryton has booked of a file: its own import and posting, in a company with three currencies.
struct TrytonBooks {
    /// The states that moves have.
    let states: [String]
    /// Debit less credit by account, in hundredths of the company's currency.
    let balances: [String: Int]
    /// The second currencies of lines.
    let secondCurrencies: [String]
    /// The sum of second amounts of each move, in hundredths.
    let secondBalances: [Int]

    /// Imports and posts a file of moves of 2026.
    init(_ file: String) throws {
        var states: [String] = []
        var balances: [String: Int] = [:]
        var currencies: [String] = []
        var sums: [Int] = []
        for line in try CloudReaders.script(Self.program, [file]) {
            let words = line.split(separator: " ").map(String.init)
            switch words.first {
            case "state": states.append(words[1])
            case "account": balances[words[1]] = Int(words[2])
            case "currency": currencies.append(words[1])
            case "second": sums.append(Int(words[1]) ?? .min)
            default: throw ReaderFailure(says: line)
            }
        }
        self.states = states
        self.balances = balances
        secondCurrencies = currencies
        secondBalances = sums
    }

    private static let program = """
        import collections, csv, datetime, sys, warnings
        warnings.simplefilter("ignore")
        from decimal import Decimal
        from trytond.config import config
        config.set("database", "uri", "sqlite://")
        from trytond.tests.test_tryton import activate_module, DB_NAME, USER, CONTEXT
        activate_module(["account", "account_invoice"])
        from trytond.pool import Pool
        from trytond.transaction import Transaction, TransactionError
        from trytond.modules.company.tests import create_company, set_company
        from trytond.modules.account.tests import create_chart, get_fiscalyear

        def book(transaction):
            pool = Pool()
            company = create_company()
            with set_company(company):
                create_chart(company)
                Currency = pool.get("currency.currency")
                for code in ("SEK", "PLN"):
                    Currency(name=code, symbol=code, code=code, rounding=Decimal("0.01"), digits=2).save()
                Year = pool.get("account.fiscalyear")
                year = get_fiscalyear(company, today=datetime.date(2026, 11, 30))
                year.save()
                Year.create_period([year])
                pool.get("party.party")(name="Alexela AS").save()
                rows = list(csv.reader(open(sys.argv[1], encoding="utf-8", newline="")))
                Move = pool.get("account.move")
                Move.import_data(rows[0], rows[1:])
                moves = Move.search([])
                # SQLite keeps amounts as it likes; the lines' own state tells whether a move balances.
                assert all(l.state == "valid" for m in moves for l in m.lines), "not balanced"
                Move.post(moves)
                balances = collections.Counter()
                for move in moves:
                    for line in move.lines:
                        balances[line.account.code] += int((line.debit - line.credit) * 100)
                for state in sorted({m.state for m in moves}):
                    print("state", state)
                for code, balance in balances.items():
                    print("account", code, balance)
                for code in sorted({l.second_currency.code for m in moves for l in m.lines if l.second_currency}):
                    print("currency", code)
                for move in moves:
                    amounts = [l.amount_second_currency for l in move.lines if l.second_currency]
                    if amounts:
                        print("second", int(sum(amounts) * 100))

        extras = {}
        while True:
            with Transaction().start(DB_NAME, USER, context=CONTEXT, **extras) as transaction:
                try:
                    book(transaction)
                    transaction.rollback()
                    break
                except TransactionError as error:
                    transaction.rollback()
                    error.fix(extras)
        """
}
