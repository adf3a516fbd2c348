internal import ArgumentParser
internal import Expressions
internal import Templates
internal import Transactions

/// `expression`: the language of templates, outside of templates.
struct ExpressionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expression",
        abstract: "Try expressions: check and evaluate them outside of a template.",
        subcommands: [ExpressionEvalCommand.self]
    )
}

/// `expression eval`: one expression, one JSON object.
struct ExpressionEvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Check an expression and print its type and value.",
        discussion: """
            Prints one JSON object: {"type": "decimal", "value": 12.35}. A decimal is a JSON number \
            in full, an instant RFC 3339 in UTC, a duration seconds with 's', a day ISO 8601, null \
            what is absent. The language: docs/expressions.md.

            Bindings are a JSON object of names and values. A number with a point is a decimal, one \
            without an int; an object whose values have one type is a map, another one a record.

            Exit status: 0; 78 the expression does not check; 65 it fails when it is evaluated. Both \
            show the place on standard error.

            Example:
              occ-export expression eval --bindings '{"net": 12.345}' -- 'round(net, 2)'
            """
    )

    @Option(help: ArgumentHelp("Names and their values, a JSON object.", valueName: "json"))
    var bindings: String?

    @Option(help: ArgumentHelp("What 'date' and 'local' go by.", valueName: "name"))
    var timeZone = "Europe/Tallinn"

    @Argument(help: "The expression; write '--' before one that begins with '-'.")
    var expression: String

    func run() async throws {
        let console = Console(format: .text)
        try await console.run {
            let zone: TimeZoneRules
            let pad: ScratchPad
            do {
                zone = try TimeZoneRules(identifier: timeZone)
                pad = try ScratchPad(bindings: bindings, timeZone: zone)
            } catch {
                throw ValidationError("\(error)")
            }
            do throws(ExpressionError) {
                let checked = try pad.check(expression)
                do throws(EvaluationError) {
                    console.line("\(try pad.evaluate(checked))")
                    return .done
                } catch {
                    let range = error.range ?? 0..<expression.utf8.count
                    show(error.name, error.message, nil, range, on: console)
                    return .data
                }
            } catch {
                show(error.name, error.message, error.cure, error.range, on: console)
                return .configuration
            }
        }
    }

    private func show(
        _ name: String,
        _ message: String,
        _ cure: String?,
        _ range: Range<Int>,
        on console: Console
    ) {
        let place = SourcePlace(range, in: expression)
        let diagnostic = Diagnostic(
            name,
            message,
            cure: cure,
            file: "expression",
            line: place.line,
            column: place.column,
            length: place.length,
            excerpt: place.text
        )
        console.note(diagnostic.threeLines)
    }
}
