import OCCClient
import Testing
import Transactions

/// The vectors of the API document, section 2.
struct `Signatures` {
    static let key = String(repeating: "0123456789abcdef", count: 8)
    static let d1 = "Tue, 05 Jul 2022 07:08:09 GMT"
    static let d2 = "Fri, 01 Mar 2024 00:00:00 GMT"

    struct Vector: CustomTestStringConvertible {
        let name: String
        let target: String
        var body: String?
        let date: String
        let signature: String
        var key = `Signatures`.key
        var testDescription: String { name }
    }

    static let printed = """
        {
          "contractNumbers": [
            "22297",
            "123"
          ],
          "fromDate": "2022-07-01",
          "toDate": "2022-07-07"
        }
        """

    @Test(arguments: [
        Vector(
            name: "V1",
            target: "/api/v1/ContractNumbers",
            date: d1,
            signature: "17r5ADQFvtmhEX0aEuwLLsgpDwmluOW29HRt3YDf7q8="
        ),
        Vector(
            name: "V2",
            target: "/api/v1/ContractTransactions",
            body:
                #"{"contractNumbers":["22297","123"],"fromDate":"2022-07-01","toDate":"2022-07-07"}"#,
            date: d1,
            signature: "jSG1l8XLbvol0dAbUNP39syNS4cmjm/xJppQlUJlwSY="
        ),
        Vector(
            name: "V2p",
            target: "/api/v1/ContractTransactions",
            body: printed,
            date: d1,
            signature: "2xPQggH5bgeGN6BcpUlvC52YUpoegO6kAZ8uO/PXVc4="
        ),
        Vector(
            name: "V3",
            target:
                "/api/v1/ContractTransactions?contractNumbers=22297,123&fromDate=2022-07-01&toDate=2022-07-07",
            date: d1,
            signature: "PjjEIa6RYq+fX99UYUXWRW53alJ0oImC8varMFlju/c="
        ),
        Vector(
            name: "V3e",
            target:
                "/api/v1/ContractTransactions?contractNumbers=22297%2C123&fromDate=2022-07-01&toDate=2022-07-07",
            date: d1,
            signature: "Y1H1jgLIb4BDRD2YpBUnmoe5HITjISzTDLk3YKns6a8="
        ),
        Vector(
            name: "V4",
            target: "/api/v1/DefineBonuscards",
            body:
                #"{"bonuscards":["Jõgeva-0001","7077400000000001"],"premiumBonuscards":["Õnne-žš-002"]}"#,
            date: d2,
            signature: "Hppbr98kwMArog/M+OugDw4HPC0b0aqjvcfv41RWRUI="
        ),
        Vector(
            name: "V5",
            target: "/api/v1/GetBonuscardTransactions",
            body: #"{"fromDate":"2022-07-01","toDate":"2022-07-07"}"#,
            date: d1,
            signature: "MhdlQyX1TS8nlDy8hXZWiUq+zX2qJ6whONeM1glsB6U="
        ),
        Vector(
            name: "V6",
            target:
                "/api/v1/EvTransactions?fromDate=2023-12-01&toDate=2023-12-31&crm_account_id=4711",
            date: d2,
            signature: "LknWDhHs4hq+zTCH/Y0GwFrnu3ooVUmlq/ck3fRVsFU="
        ),
        Vector(
            name: "V7",
            target: "/api/v1/ContractNumbers",
            date: d2,
            signature: "IYEfT5RwUP8wZVI3nSk52T7br/lRrQTrnp3HzCkKC1w=",
            key: "short-psk"
        ),
        Vector(
            name: "V1 with blanks around the key",
            target: "/api/v1/ContractNumbers",
            date: d1,
            signature: "17r5ADQFvtmhEX0aEuwLLsgpDwmluOW29HRt3YDf7q8=",
            key: "\u{FEFF} " + key + "\n"
        ),
    ])
    func `equal the API document's vectors`(_ vector: Vector) throws {
        let signer = RequestSigner(accessId: "ERP-TEST-1", key: try PreSharedKey(vector.key))
        #expect(
            signer.authorization(
                target: vector.target,
                body: vector.body.map { Array($0.utf8) },
                date: vector.date
            )
                == "APIAuth-HMAC-SHA256 ERP-TEST-1:\(vector.signature)"
        )
    }

    /// Wrong results that tell which mistake was made; none may ever be ours.
    @Test(arguments: [
        "+LilXvPh0yJA0xx3K8fq6vRKOZM7eBlkT4IPdEpqzUs=",
        "/S4jV/oPryUddM50pvo2XgGq0Fg6t+/Iuojy3P5+eBE=",
        "EX9jXvVF0S4pC3nMYBq1oz4ddx3eo4Msoou4TteEMzQ=",
        "fgy9sM2NtG6KSPKCiJiYAVtVsk8S43EDAp+wLijUIE8=",
        "8GKJesXrPh2zwC6uOdESK6C5byIDqeLELV9khSDwbe4=",
    ])
    func `N2 to N6 never come out, even with a newline behind the key`(_ wrong: String) throws {
        let signer = RequestSigner(accessId: "ERP-TEST-1", key: try PreSharedKey(Self.key + "\n"))
        let header = signer.authorization(
            target: "/api/v1/ContractTransactions",
            body: Array(
                #"{"contractNumbers":["22297","123"],"fromDate":"2022-07-01","toDate":"2022-07-07"}"#
                    .utf8
            ),
            date: Self.d1
        )
        #expect(!header.hasSuffix(wrong))
        #expect(header.hasSuffix("jSG1l8XLbvol0dAbUNP39syNS4cmjm/xJppQlUJlwSY="))
    }

    @Test func `N1: the MD5 of an empty body is signed where the setting says so`() throws {
        let signer = RequestSigner(
            accessId: "ERP-TEST-1",
            key: try PreSharedKey(Self.key),
            emptyBody: .md5
        )
        #expect(
            signer.authorization(target: "/api/v1/ContractNumbers", body: nil, date: Self.d1)
                == "APIAuth-HMAC-SHA256 ERP-TEST-1:V69gOI1J6mk4FyTn1QkMrNniRwW/z4c3Uc+aMS2K8iE="
        )
    }

    @Test func `a prefix before the path is not signed`() throws {
        let signer = RequestSigner(accessId: "A", key: try PreSharedKey(Self.key))
        #expect(
            signer.canonicalString(target: "/proxy/api/v1/X", body: nil, date: "D")
                == "application/json,,/api/v1/X,D"
        )
    }

    @Test func `an HTTP-date is written and read`() throws {
        let instant = try #require(UTCTimestamp("2022-07-05T07:08:09Z"))
        #expect(HTTPDate.text(instant) == Self.d1)
        #expect(HTTPDate.instant(Self.d1) == instant)
        #expect(HTTPDate.instant("yesterday") == nil)
    }
}
