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
    var refusal: String? {
        guard case .bool(true)? = member("success") else {
            return "the API says: \(printable(text ?? "no success, and no reason"))"
        }
        switch member("error") {
        case nil, .null?: return nil
        case .string(let bytes)? where bytes.isEmpty: return nil
        case .string(let bytes)?:
            return "the API says: \(printable(String(decoding: bytes, as: UTF8.self)))"
        default: return "the API says: an error that is no text"
        }
    }
}
