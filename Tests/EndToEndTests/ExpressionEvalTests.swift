import TestSupport
import Testing

/// The integrator's scratch pad: one expression, one JSON object, the place of what is wrong.
struct `expression eval` {
    private func eval(_ arguments: String...) throws -> ProgramResult {
        try run(Checkout.program("occ-export"), ["expression", "eval"] + arguments)
    }

    @Test func `prints the type and the value as one JSON object`() throws {
        for (arguments, output) in [
            (["--", "-7 / 2"], #"{"type": "int", "value": -3}"#),
            (
                ["--", "1.50 + 99999999999999999999.25"],
                #"{"type": "decimal", "value": 100000000000000000000.75}"#
            ),
            (
                ["--", "timestamp('2026-11-01T00:30:00+02:00')"],
                #"{"type": "timestamp", "value": "2026-10-31T22:30:00Z"}"#
            ),
            (["--", "duration('1h')"], #"{"type": "duration", "value": "3600s"}"#),
            (["--", "{'a': [1]}.?b"], #"{"type": "optional list(int)", "value": null}"#),
            (
                ["--bindings", #"{"a": {"b": "õ\n"}}"#, "--", "a.b"],
                #"{"type": "string", "value": "õ\n"}"#
            ),
            (
                ["--", "date(timestamp('2026-10-31T22:30:00Z'))"],
                #"{"type": "date", "value": "2026-11-01"}"#
            ),
            (
                [
                    "--time-zone", "America/New_York", "--",
                    "date(timestamp('2026-11-01T02:30:00Z'))",
                ],
                #"{"type": "date", "value": "2026-10-31"}"#
            ),
        ] {
            let result = try run(
                Checkout.program("occ-export"),
                ["expression", "eval"] + arguments
            )
            #expect(result.output == output + "\n")
            #expect(result.error.isEmpty)
            #expect(result.status == 0)
        }
    }

    @Test func `shows the place of what does not check, with 78`() throws {
        let result = try eval("--bindings", #"{"net": 12.345}"#, "--", "1 +\n  rond(nett, 2)")
        #expect(result.status == 78)
        #expect(result.output.isEmpty)
        #expect(
            result.error == """
                expression:2:3: there is no function 'rond' [unknown-name]
                   2 |   rond(nett, 2)
                     |   ^~~~ did you mean 'round'?

                """
        )
    }

    @Test func `shows the place of what fails, with 65`() throws {
        let result = try eval("--bindings", #"{"õ": 1, "n": 0}"#, "--", "'õõ' == '' || 17 / n == 1")
        #expect(result.status == 65)
        #expect(
            result.error == """
                expression:1:15: '/' by zero [division-by-zero]
                   1 | 'õõ' == '' || 17 / n == 1
                     |               ^~~~~~

                """
        )
    }

    @Test func `refuses bindings it cannot read and zones it does not know, with 64`() throws {
        for (arguments, message) in [
            (["--bindings", "{", "1"], "bindings: byte 2: '\"' is missing"),
            (["--bindings", "[]", "1"], "bindings: byte 1: an object is needed"),
            (
                ["--bindings", #"{"a": "\u+041"}"#, "1"],
                "four hexadecimal digits are missing"
            ),
            (
                ["--bindings", #"{"a": [1, "b"]}"#, "1"],
                "a list holds values of one type, here int and string"
            ),
            (["--time-zone", "Mars/Olympus", "1"], "no time zone 'Mars/Olympus'"),
        ] {
            let result = try run(
                Checkout.program("occ-export"),
                ["expression", "eval"] + arguments
            )
            #expect(result.status == 64)
            #expect(result.error.contains(message), "\(result.error)")
        }
    }
}
