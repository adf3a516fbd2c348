internal import ArgumentParser
internal import Templates

/// `template schema`: the JSON Schema of template.yaml, for editors.
struct TemplateSchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of template.yaml.",
        discussion: """
            An editor with a YAML language server completes and checks keys with it. Put this line \
            first in template.yaml:
              # yaml-language-server: $schema=./template.schema.json

            Example:
              occ-export template schema > template.schema.json

            The program checks the same and more: names, types, widths. docs/template.schema.json \
            has the same content.
            """
    )

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try await console.run {
            console.line(TemplateSchema.text)
            return .done
        }
    }
}
