/// One kind of transactions, as the API groups them.
public enum Feed: String, CaseIterable, Sendable {
    /// Payment-card purchases of a contract: `ContractTransactions`.
    case contractTransactions = "contract-transactions"
    /// Bonus-card purchases: `GetBonuscardTransactions`.
    case bonuscardTransactions = "bonuscard-transactions"
    /// Charging sessions: `EvTransactions`.
    case evTransactions = "ev-transactions"

    /// The fields a row of this feed may have, in the order of the API document, the contract last.
    public var fields: [Field] {
        switch self {
        case .contractTransactions:
            Field.purchase + [.occProductType, .invoiceDate, .invoiceNo, .contractNumber]
        case .bonuscardTransactions: Field.purchase
        case .evTransactions: Field.charging
        }
    }

    /// Whether rows of this feed are asked for contract by contract.
    public var isAskedByContract: Bool { self == .contractTransactions }

    /// A feed's place in `allCases`, without searching.
    static func index(_ feed: Feed) -> Int {
        switch feed {
        case .contractTransactions: 0
        case .bonuscardTransactions: 1
        case .evTransactions: 2
        }
    }
}
