internal import ArgumentParser
internal import Foundation

/// `invoice`: looking at XML invoices.
struct InvoiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoice",
        abstract: "Look at XML invoices.",
        subcommands: [InvoiceShowCommand.self]
    )
}

/// `invoice show`: an XML invoice as a person reads it.
struct InvoiceShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print XML invoices as text: parties, lines, VAT, totals.",
        discussion: """
            UBL, CII, the Estonian e-invoice and Finvoice are read, ours and anyone's.

            Example:
              occ-export invoice show outbox/*/Invoice_*.xml
            """
    )

    @OptionGroup var output: OutputOptions

    @Argument(help: "XML files.")
    var files: [String]

    func run() async throws {
        let console = output.console
        try await console.run {
            var shown: [ShownInvoice] = []
            for file in files {
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw DataError(
                        "\(file): cannot be read; is it there, and may this user read it?"
                    )
                }
                shown += try ShownInvoice.all(in: Array(data), file: file)
            }
            try console.result(shown) { shown.map(\.text).joined(separator: "\n\n") }
            return .done
        }
    }
}
