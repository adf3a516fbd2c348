internal import Transactions

/// One request before it is signed: the only place where targets and bodies are written, so that the
/// bytes signed are the bytes sent (trap 9).
struct APIRequest: Sendable {
    /// The name of the operation, as the API document has it.
    let operation: String
    let method: String
    /// Path and query.
    let uri: String
    let body: [UInt8]?
    /// Sent as a header as well as in the query (trap 15).
    let crmAccountId: String?

    private init(
        _ operation: String,
        _ method: String,
        query: [(String, String)] = [],
        body: String? = nil,
        _ configuration: ClientConfiguration
    ) {
        self.operation = operation
        self.method = method
        self.body = body.map { Array($0.utf8) }
        var parts = query
        crmAccountId = method == "GET" ? configuration.crmAccountId : nil
        if let crmAccountId { parts.append(("crm_account_id", crmAccountId)) }
        let path = "\(configuration.path)/\(operation)"
        uri =
            parts.isEmpty
            ? path : path + "?" + parts.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// `GET /ContractNumbers`.
    static func contractNumbers(_ configuration: ClientConfiguration) -> APIRequest {
        APIRequest("ContractNumbers", "GET", configuration)
    }

    /// The rows of a feed in a window; `contract` is the one asked for, always alone (trap 27).
    static func transactions(
        _ feed: Feed,
        contract: String?,
        _ window: Window,
        _ configuration: ClientConfiguration
    ) -> APIRequest {
        let dates = [("fromDate", "\(window.from)"), ("toDate", "\(window.to)")]
        let fields = #""fromDate":"\#(window.from)","toDate":"\#(window.to)""#
        switch feed {
        case .contractTransactions:
            let number = contract ?? ""
            guard configuration.method == .post else {
                return APIRequest(
                    "ContractTransactions",
                    "GET",
                    query: [("contractNumbers", number)] + dates,
                    configuration
                )
            }
            return APIRequest(
                "ContractTransactions",
                "POST",
                body: #"{"contractNumbers":["\#(number)"],\#(fields)}"#,
                configuration
            )
        case .bonuscardTransactions:
            return APIRequest(
                "GetBonuscardTransactions",
                "POST",
                body: "{\(fields)}",
                configuration
            )
        case .evTransactions:
            return APIRequest("EvTransactions", "GET", query: dates, configuration)
        }
    }

    /// `POST /DefineBonuscards`: both lists always (trap 49).
    static func defineBonuscards(
        regular: [String],
        premium: [String],
        _ configuration: ClientConfiguration
    ) -> APIRequest {
        APIRequest(
            "DefineBonuscards",
            "POST",
            body:
                #"{"bonuscards":\#(list(regular)),"premiumBonuscards":\#(list(premium))}"#,
            configuration
        )
    }

    private static func list(_ texts: [String]) -> String {
        "["
            + texts.map { text in
                var quoted = "\""
                for scalar in text.unicodeScalars {
                    switch scalar {
                    case "\"", "\\": quoted += "\\\(scalar)"
                    case "\u{0}"..."\u{1F}":
                        let digits = String(scalar.value, radix: 16)
                        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    default: quoted.unicodeScalars.append(scalar)
                    }
                }
                return quoted + "\""
            }.joined(separator: ",") + "]"
    }
}
