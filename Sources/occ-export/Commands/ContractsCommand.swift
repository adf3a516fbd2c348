internal import ArgumentParser
internal import OCCClient

/// `contracts`: what the access id may see.
struct ContractsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contracts",
        abstract: "List the contract numbers that the access id may see."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    func run() async throws {
        let console = output.console
        try await console.run {
            let client = try Setup(file).client(output)
            let numbers: [String]
            do {
                numbers = try await client.contractNumbers()
            } catch {
                try await client.shutdown()
                throw error
            }
            try await client.shutdown()
            try console.result(numbers) { numbers.joined(separator: "\n") }
            return .done
        }
    }
}
