internal import Foundation
import TestSupport
import Testing

/// The cases of the CEL specification project, as `Conformance/README.md` says.
struct `CEL's own cases` {
    private struct Line: Decodable {
        let `case`: String
        let expr: String
        let bindings: String?
        let value: String?
        let leftOut: String?
    }

    struct One: CustomTestStringConvertible, Sendable {
        let name: String
        let cel: CELCase

        var testDescription: String { name }
    }

    private static let lines: [Line] = {
        let folder = "\(Checkout.path)/Tests/ExpressionsTests/Conformance"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".jsonl") }.sorted().flatMap { name -> [Line] in
            let text = (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap {
                try? JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
        }
    }()

    static let cases = lines.filter { $0.leftOut == nil }.map { line in
        One(
            name: line.case,
            cel: CELCase(
                source: line.expr,
                expected: line.value ?? "no value given",
                bindings: line.bindings
            )
        )
    }

    /// Why a case may be left out: the differences that docs/expressions.md states, and no others.
    private static let reasons = [
        "no unsigned integers": "No unsigned integers",
        "no bytes": "no bytes",
        "no protobuf messages": "no protobuf messages",
        "no dyn, no type()": "No `dyn`, no `type(...)`",
        "no lists or maps of mixed types": "lists and maps hold values of one type",
        "does not type-check": "every mistake must show before the first row is fetched",
        "an unbound name does not type-check":
            "every mistake must show before the first row is fetched",
        "a decimal division states its rounding": "A decimal division says how it is rounded",
        "no binary floating point": "there is no binary floating point",
        "no binary floating point: double()": "no `double(...)`",
    ]

    @Test(arguments: cases) func `come out`(_ one: One) throws {
        let outcome = try one.cel.outcome()
        if one.cel.expected == "!" {
            #expect(outcome.hasPrefix("!"), "\(one.cel.source)")
        } else {
            #expect(outcome == one.cel.expected, "\(one.cel.source)")
        }
    }

    @Test func `are all there, and none is left out but for a difference that is stated`() throws {
        let page = try String(
            contentsOfFile: "\(Checkout.path)/docs/expressions.md",
            encoding: .utf8
        )
        #expect(Self.lines.count == 1617)
        #expect(Self.cases.count == 967)
        for line in Self.lines {
            guard let reason = line.leftOut else { continue }
            let stated = try #require(Self.reasons[reason], "\(line.case): \(reason)")
            #expect(page.contains(stated), "\(reason)")
        }
    }
}
