public import Transactions

/// A row of an answer after reading.
public enum ReadRow: Sendable {
    /// It is a transaction; the warnings say what was taken although it was odd.
    case transaction(Transaction, warnings: [String])
    /// It is set aside with the reason.
    case rejected(RejectedRow)
}

/// A row that is no transaction.
public struct RejectedRow: Sendable, Hashable {
    /// Its place in the answer, counted from 1.
    public let position: Int
    /// Its transaction id, if that could be read.
    public let transactionId: String?
    /// What is wrong with it; never a value of it.
    public let reason: String
}

/// Turns one JSON object into a transaction, by the API document's section 1.4.
struct RowParser {
    let feed: Feed
    let contractNumber: String?
    let acceptsContractNumber: Bool

    /// The most bytes that a text may have.
    static let longestText = 4_096

    /// What a row cannot do without (trap 31).
    static func required(of feed: Feed) -> [Field] {
        let fields: [Field] = [.transactionId, .transactionTime, .quantity]
        return feed == .evTransactions ? fields : fields + [.totalPrice]
    }

    private struct Refusal: Error {
        let reason: String
    }

    func read(_ entries: [(key: [UInt8], value: JSONValue)], position: Int) -> ReadRow {
        var id: String?
        do throws(Refusal) {
            return try transaction(entries, &id)
        } catch {
            return .rejected(
                RejectedRow(position: position, transactionId: id, reason: error.reason)
            )
        }
    }

    private func transaction(
        _ entries: [(key: [UInt8], value: JSONValue)],
        _ id: inout String?
    ) throws(Refusal) -> ReadRow {
        var builder = Transaction.Builder(feed: feed)
        var warnings: [String] = []
        var present: Set<Field> = []
        var contract = contractNumber
        var misspelt: [UInt8]?
        var productType: [UInt8]?
        // First of all, so that whatever is wrong with the row is said with its id.
        if let entry = entries.first(where: { $0.key == Array("transactionId".utf8) }),
            entry.value.isScalar
        {
            let text = String(decoding: try text(entry.value, .transactionId), as: UTF8.self)
            id = text.isEmpty ? nil : text
        }
        for (key, value) in entries {
            let name = String(decoding: key, as: UTF8.self)
            if name == "contractNumber" {
                if acceptsContractNumber, case .string(let text) = value {
                    contract = String(decoding: text, as: UTF8.self)
                }
                continue
            }
            // Trap 26: the document's table misspells the key.
            if name == "occProdyctType" {
                if case .string(let text) = value { misspelt = text }
                continue
            }
            guard let field = Field(name: name), feed.fields.contains(field) else { continue }
            if case .null = value { continue }
            switch field.kind {
            case .text:
                let text = try self.text(value, field)
                if text.isEmpty { continue }
                if field == .occProductType { productType = text }
                builder.set(field, utf8: text)
            case .amount:
                guard let (amount, isText) = try amount(value, field) else { continue }
                if isText { warnings.append("field '\(name)' is a number in quotes") }
                builder.set(field, amount)
            case .timestamp:
                guard let instant = try instant(value, field) else { continue }
                builder.set(field, instant)
            case .integer:
                guard let number = try integer(value, field) else { continue }
                builder.set(field, number)
            }
            present.insert(field)
        }
        if let misspelt, !misspelt.isEmpty, feed.fields.contains(.occProductType) {
            guard misspelt.count <= Self.longestText else {
                throw Refusal(
                    reason: "field 'occProdyctType' is longer than \(Self.longestText) bytes"
                )
            }
            if let productType, productType != misspelt {
                warnings.append("occProductType and occProdyctType differ; the former is taken")
            } else if productType == nil {
                builder.set(.occProductType, utf8: misspelt)
            }
        }
        for field in Self.required(of: feed) where !present.contains(field) {
            throw Refusal(reason: "field '\(field.name)' is absent")
        }
        return .transaction(builder.build(contractNumber: contract), warnings: warnings)
    }

    private func text(_ value: JSONValue, _ field: Field) throws(Refusal) -> [UInt8] {
        switch value {
        case .string(let text):
            guard text.count <= Self.longestText else {
                throw Refusal(
                    reason: "field '\(field.name)' is longer than \(Self.longestText) bytes"
                )
            }
            return text
        // Trap 29: ids may be JSON numbers; their exact text counts.
        case .number(let digits):
            guard digits.count <= Self.longestText else {
                throw Refusal(
                    reason: "field '\(field.name)' is longer than \(Self.longestText) bytes"
                )
            }
            return Array(digits)
        default: throw Refusal(reason: "field '\(field.name)' is no text")
        }
    }

    private func amount(_ value: JSONValue, _ field: Field) throws(Refusal) -> (FixedDecimal, Bool)?
    {
        let digits: [UInt8]
        var isText = false
        switch value {
        case .number(let number): digits = Array(number)
        case .string(let text):
            if text.isEmpty { return nil }
            digits = text
            isText = true
            guard !text.contains(where: { $0 == 0x65 || $0 == 0x45 }) else {
                throw Refusal(reason: "field '\(field.name)' is no plain decimal")
            }
        default: throw Refusal(reason: "field '\(field.name)' is no number")
        }
        guard let amount = FixedDecimal(digits) else {
            throw Refusal(
                reason: "field '\(field.name)' is no Decimal(18,4): below 10^14, at most 4 decimals"
            )
        }
        return (amount, isText)
    }

    private func instant(_ value: JSONValue, _ field: Field) throws(Refusal) -> UTCTimestamp? {
        guard case .string(let text) = value else {
            throw Refusal(reason: "field '\(field.name)' is no date-time")
        }
        if text.isEmpty { return nil }
        switch UTCTimestamp.reading(text) {
        case .instant(let instant)?: return instant
        // Trap 37: how .NET writes "none".
        case UTCTimestamp.Reading.none?: return nil
        case nil: throw Refusal(reason: "field '\(field.name)' is no date-time")
        }
    }

    private func integer(_ value: JSONValue, _ field: Field) throws(Refusal) -> Int64? {
        switch value {
        case .number(let digits):
            guard let whole = ExactDecimal(digits)?.significand(atScale: 0),
                let number = Int64(exactly: whole)
            else { throw Refusal(reason: "field '\(field.name)' is no whole number") }
            return number
        case .string(let text):
            if text.isEmpty { return nil }
            guard let number = Int64(String(decoding: text, as: UTF8.self)) else {
                throw Refusal(reason: "field '\(field.name)' is no whole number")
            }
            return number
        default: throw Refusal(reason: "field '\(field.name)' is no whole number")
        }
    }
}
