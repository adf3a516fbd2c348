internal import ArgumentParser
internal import Foundation
internal import Templates
internal import Transactions

/// `template list`: which templates there are, and what each needs.
struct TemplateListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List templates: what they make, and what an export has to give them.",
        discussion: """
            A folder with a template.yaml is a template; of any other its subfolders are looked at. \
            A parameter with ? has a default, one with * must be given.

            Examples:
              occ-export template list                       those in ./templates
              occ-export template list /etc/occ-export/templates ~/mine
              occ-export template list --output json

            Exit status: 0; 78 when one cannot be read, after the others are listed.
            """
    )

    @OptionGroup var output: OutputOptions

    @Argument(help: "Folders of templates; default: templates.")
    var folders: [String] = ["templates"]

    private struct Entry: Encodable {
        let folder: String
        let name: String
        let title: String
        let feed: String
        let format: String
        let parameters: [TemplateSummary.Parameter]
        let lookups: [TemplateSummary.Lookup]
    }

    private struct Report: Encodable {
        let templates: [Entry]
        let errors: [String]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            var entries: [Entry] = []
            var errors: [String] = []
            for folder in try folders.flatMap(Self.templates) {
                do {
                    let template = try Template(folder: folder)
                    let summary = template.summary
                    entries.append(
                        Entry(
                            folder: template.folder,
                            name: template.name,
                            title: template.title,
                            feed: template.feed.rawValue,
                            format: summary.format,
                            parameters: summary.parameters,
                            lookups: summary.lookups
                        )
                    )
                } catch let error as Diagnostic {
                    // The others are listed all the same; the status says that one was not.
                    errors.append(error.oneLine)
                }
            }
            for error in errors { console.note("error: \(error)") }
            try console.result(Report(templates: entries, errors: errors)) {
                entries.map(Self.lines).joined(separator: "\n")
            }
            return errors.isEmpty ? .done : .configuration
        }
    }

    /// The templates' folders in a folder, or the folder itself.
    private static func templates(in folder: String) throws -> [String] {
        let manager = FileManager.default
        if manager.fileExists(atPath: "\(folder)/template.yaml") { return [folder] }
        guard manager.fileExists(atPath: folder) else {
            throw DataError("\(folder): is not there; name a folder of templates")
        }
        let found = try manager.contentsOfDirectory(atPath: folder).sorted()
            .map { "\(folder)/\($0)" }
            .filter { manager.fileExists(atPath: "\($0)/template.yaml") }
        guard !found.isEmpty else {
            throw DataError(
                "\(folder): holds no template; a template is a folder with template.yaml"
            )
        }
        return found
    }

    private static func lines(_ entry: Entry) -> String {
        var lines = [entry.name, "  \(entry.title)", "  \(entry.feed), \(entry.format)"]
        if !entry.parameters.isEmpty {
            lines.append(
                "  parameters: "
                    + entry.parameters.map { "\($0.name)\($0.isRequired ? "*" : "?") (\($0.type))" }
                    .joined(separator: ", ")
            )
        }
        for lookup in entry.lookups {
            lines.append(
                "  lookup \(lookup.name): \(lookup.columns.joined(separator: ", ")); "
                    + "by \(lookup.key.joined(separator: ", "))"
            )
        }
        return lines.joined(separator: "\n")
    }
}
