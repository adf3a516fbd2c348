/// The envelope `{"success":…,"data":…,"error":…,"message":…}` (trap 17).
struct Envelope {
    private let members: [(key: [UInt8], value: JSONValue)]

    init(_ members: [(key: [UInt8], value: JSONValue)]) { self.members = members }

    private func member(_ key: String) -> JSONValue? {
        members.first { $0.key == Array(key.utf8) }?.value
    }

    /// What stands under `data`.
    var data: JSONValue? { member("data") }

    /// The API's own words, in `error` or else in `message`.
    var text: String? {
        for key in ["error", "message"] {
            if case .string(let bytes)? = member(key), !bytes.isEmpty {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        return nil
    }

    /// Why the answer is none; nil for `success` true and no `error`.
    var problem: TransactionReader.Problem? {
        switch member("success") {
        case .bool(true)?: break
        case .bool(false)?:
            return .init(
                "the API says: \(printable(text ?? "no success, and no reason"))",
                .refused
            )
        default:
            guard let text else { return .init("the answer is no JSON list and no envelope") }
            return .init("the API says: \(printable(text))", .refused)
        }
        switch member("error") {
        case nil, .null?: return nil
        case .string(let bytes)? where bytes.isEmpty: return nil
        case .string(let bytes)?:
            let text = String(decoding: bytes, as: UTF8.self)
            return .init("the API says: \(printable(text))", .refused)
        default: return .init("the API says: an error that is no text", .refused)
        }
    }
}
