internal import ArgumentParser
internal import FoundationEssentials
internal import Logging

extension Console.Format: ExpressibleByArgument {}

/// The options that every command has.
struct OutputOptions: ParsableArguments {
    @Option(help: "How results are written: text or json.")
    var output = Console.Format.text

    @Flag(name: .shortAndLong, help: "No progress and no notices, only errors and results.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more of what is done; never a card, a driver or a key.")
    var verbose = false

    /// Where results and progress go.
    var console: Console { Console(format: output, quiet: quiet) }

    /// The log on standard error: lines of text, or of JSON beside `--output json`.
    var logger: Logger {
        let level: Logger.Level = quiet ? .error : verbose ? .debug : .info
        let lines = LogLines(logLevel: level, console: console, isJSON: output == .json)
        return Logger(label: "occ-export") { _ in lines }
    }
}

/// The options of the commands that need the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The configuration file.",
            discussion: "Default: $OCC_EXPORT_CONFIG, else occ-export.yaml.",
            valueName: "file"
        )
    )
    var config: String?

    /// The file to read.
    func path(environment: [String: String]) -> String {
        config ?? environment["OCC_EXPORT_CONFIG"] ?? "occ-export.yaml"
    }
}
