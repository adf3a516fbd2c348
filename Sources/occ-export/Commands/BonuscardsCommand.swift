internal import ArgumentParser
internal import Foundation
internal import OCCClient

/// `bonuscards`: the one thing that writes at the API.
struct BonuscardsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bonuscards",
        abstract: "Define the partner's bonus cards.",
        subcommands: [BonuscardsDefineCommand.self]
    )
}

/// `bonuscards define`: sends the full lists.
struct BonuscardsDefineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "define",
        abstract: "Send the full lists of bonus cards; this changes data at the API.",
        discussion: """
            Each file has a card number a line. Whether the API adds or replaces is not documented: \
            always send the full lists.

            Example:
              occ-export bonuscards define --regular cards.txt --premium premium.txt --yes
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Option(help: "File of the regular cards.")
    var regular: String

    @Option(help: "File of the premium cards.")
    var premium: String

    @Flag(help: "Allow a list without cards.")
    var allowEmpty = false

    @Flag(help: "Do it; without this only the counts are shown.")
    var yes = false

    private struct Report: Encodable {
        let regular: Int
        let premium: Int
        let sent: Bool
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let setup = try Setup(file)
            let (regular, premium) = (try cards(self.regular), try cards(self.premium))
            guard Set(regular).isDisjoint(with: premium) else {
                throw DataError("a card stands in both lists; a card is regular or premium")
            }
            guard allowEmpty || (!regular.isEmpty && !premium.isEmpty) else {
                throw DataError("a list has no card; is that meant? then add --allow-empty")
            }
            if yes {
                let client = try setup.client(output)
                do {
                    try await client.defineBonuscards(regular: regular, premium: premium)
                } catch {
                    try await client.shutdown()
                    throw error
                }
                try await client.shutdown()
            }
            let report = Report(regular: regular.count, premium: premium.count, sent: yes)
            try console.result(report) {
                "\(report.regular) regular and \(report.premium) premium cards "
                    + (yes ? "sent" : "would be sent; add --yes to do it")
            }
            return .done
        }
    }

    private func cards(_ path: String) throws -> [String] {
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw DataError("\(path): cannot be read, or is not UTF-8") }
        var cards: [String] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let card = line.filter { !$0.isWhitespace }
            if card.isEmpty { continue }
            guard card.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }),
                !cards.contains(card)
            else {
                throw DataError("\(path):\(number + 1): no card number, or one that stands twice")
            }
            cards.append(card)
        }
        return cards
    }
}
