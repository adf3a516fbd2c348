internal import ArgumentParser

/// `template`: what an integrator works with.
struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Write, check, preview and test templates.",
        discussion: """
            From an example file of the target system to a template that runs:
              occ-export template new erp-import --infer example.csv
              occ-export template check erp-import
              occ-export template preview erp-import
              occ-export template test erp-import

            docs/templates.md is the guide; `template schema` serves editors.
            """,
        subcommands: [
            TemplateListCommand.self, TemplateNewCommand.self, TemplateCheckCommand.self,
            TemplatePreviewCommand.self, TemplateTestCommand.self, TemplateSchemaCommand.self,
        ]
    )
}
