import Testing
import Transactions

struct `Amounts` {
    struct Case: CustomTestStringConvertible {
        let text: String
        let tenThousandths: Int64?
        var testDescription: String { text }
    }

    @Test(arguments: [
        Case(text: "12.5", tenThousandths: 125_000),
        Case(text: "12.5000", tenThousandths: 125_000),
        Case(text: "1.5E+1", tenThousandths: 150_000),
        Case(text: "-0.00005E1", tenThousandths: -5),
        Case(text: "99999999999999.9999", tenThousandths: 999_999_999_999_999_999),
        Case(text: "100000000000000", tenThousandths: nil),
        Case(text: "0.00001", tenThousandths: nil),
        Case(text: "0.000010000e1", tenThousandths: 1),
        Case(text: "01", tenThousandths: nil), Case(text: "1.", tenThousandths: nil),
        Case(text: "12,34", tenThousandths: nil), Case(text: "", tenThousandths: nil),
        Case(text: "NaN", tenThousandths: nil), Case(text: "1e400", tenThousandths: nil),
    ])
    func `are read exactly or refused`(_ value: Case) {
        #expect(FixedDecimal(value.text)?.tenThousandths == value.tenThousandths)
    }

    @Test(arguments: [
        ("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("0.1249", 2, "0.12"), ("2.5", 0, "3"),
        ("-2.5", 0, "-3"), ("1", 2, "1"),
    ])
    func `round half away from zero`(_ text: String, _ places: Int, _ expected: String) throws {
        let value = try #require(ExactDecimal(text))
        #expect(value.rounded(to: places).description == expected)
    }

    @Test func `round half to even on request`() throws {
        for (text, expected) in [("0.125", "0.12"), ("0.135", "0.14"), ("-0.125", "-0.12")] {
            let value = try #require(ExactDecimal(text))
            #expect(value.rounded(to: 2, .halfEven).description == expected)
        }
    }

    @Test func `overflow is told, never wrapped`() {
        let large = ExactDecimal(significand: .max, scale: 0)
        #expect(large.adding(ExactDecimal(1)) == nil)
        #expect(large.multiplied(by: ExactDecimal(2)) == nil)
        #expect(ExactDecimal(1).divided(by: .zero, to: 2, .halfUp) == nil)
    }

    @Test func `equal values are equal whatever their places`() throws {
        #expect(try #require(ExactDecimal("1.50")) == #require(ExactDecimal("1.5")))
        #expect(try #require(ExactDecimal("-1.51")) < #require(ExactDecimal("-1.5")))
    }
}
