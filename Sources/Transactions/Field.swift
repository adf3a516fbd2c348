/// One field of a row, under the API document's name; `contractNumber` is the attribute we add.
public enum Field: UInt8, CaseIterable, Sendable {
    case transactionId, terminalId, stationId, receiptNo, authorizationCode, cardNumber, currency
    case occProductCode, occProductName, occProductType, plateNumber, driverName, invoiceNo
    case contractNumber
    case chargerId, transactionStatus
    case statusDate, transactionTime, invoiceDate, transactionStartTime
    case quantity, netPricePerUnit, discountPerUnit, pricePerUnit, totalPrice
    case vatRate, vatAmount, netAmount
    case odometerReadout, connectorNumber

    /// What a field's value is.
    public enum Kind: Sendable {
        /// Unicode text.
        case text
        /// An instant in UTC.
        case timestamp
        /// Decimal(18,4).
        case amount
        /// A whole number.
        case integer
    }

    /// What this field's value is.
    public var kind: Kind {
        switch self {
        case .transactionId, .terminalId, .stationId, .receiptNo, .authorizationCode, .cardNumber,
            .currency, .occProductCode, .occProductName, .occProductType, .plateNumber,
            .driverName, .invoiceNo, .contractNumber, .chargerId, .transactionStatus:
            .text
        case .statusDate, .transactionTime, .invoiceDate, .transactionStartTime: .timestamp
        case .quantity, .netPricePerUnit, .discountPerUnit, .pricePerUnit, .totalPrice, .vatRate,
            .vatAmount, .netAmount:
            .amount
        case .odometerReadout, .connectorNumber: .integer
        }
    }

    /// The name in the API's rows and in templates.
    public var name: String { String(describing: self) }

    /// Whether a template must say what the absence of this field becomes.
    ///
    /// The other fields are required of a row as soon as a template uses them (API document, 1.4 trap 31).
    public var isOptional: Bool {
        switch self {
        case .invoiceNo, .invoiceDate, .plateNumber, .driverName, .odometerReadout,
            .connectorNumber:
            true
        default: false
        }
    }

    /// Whether a value of this field is personal data, which no message, log or file name may show.
    public var isPersonal: Bool {
        switch self {
        case .cardNumber, .driverName, .plateNumber, .odometerReadout: true
        default: false
        }
    }

    static let purchase: [Field] = [
        .transactionId, .statusDate, .transactionTime, .terminalId, .stationId, .receiptNo,
        .authorizationCode, .cardNumber, .currency, .occProductCode, .occProductName,
        .plateNumber, .driverName, .quantity, .netPricePerUnit, .discountPerUnit, .pricePerUnit,
        .totalPrice, .vatRate, .vatAmount, .netAmount, .odometerReadout,
    ]

    static let charging: [Field] = [
        .transactionId, .stationId, .chargerId, .transactionStatus, .transactionTime,
        .transactionStartTime, .quantity, .connectorNumber,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    /// The field of that name, if there is one.
    public init?(name: String) {
        guard let field = Self.byName[name] else { return nil }
        self = field
    }
}
