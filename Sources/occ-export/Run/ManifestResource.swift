internal import Delivery
internal import FoundationEssentials
internal import Templates

extension Manifest.Resource {
    /// A file as it was rendered and written.
    static func file(_ file: RenderedFile, _ written: StagedSink.Finished) -> Manifest.Resource {
        let ending = file.name.split(separator: ".").last.map(String.init) ?? ""
        var resource = Manifest.Resource(
            path: file.name,
            bytes: written.size,
            hash: written.hash,
            encoding: file.encoding.lowercased(),
            format: file.kind == "delimited" ? "csv" : file.kind == "xml" ? "xml" : ending,
            mediatype: file.kind == "delimited"
                ? "text/csv" : file.kind == "xml" ? "application/xml" : "text/plain"
        )
        resource.records = file.records
        resource.controlTotals = file.controlTotals.map {
            .init(name: $0.name, selected: $0.selected, written: $0.written)
        }
        resource.substitutions = file.substitutions
        return resource
    }

    /// A package of files: what it holds is counted together.
    static func package(_ written: StagedSink.Finished, of files: [RenderedFile])
        -> Manifest.Resource
    {
        var resource = Manifest.Resource(
            path: written.name,
            bytes: written.size,
            hash: written.hash,
            encoding: "binary",
            format: "zip",
            mediatype: "application/zip"
        )
        for file in files {
            resource.records += file.records
            resource.controlTotals += file.controlTotals.map {
                .init(
                    name: "\(file.name): \($0.name)",
                    selected: $0.selected,
                    written: $0.written
                )
            }
            resource.substitutions.merge(file.substitutions) { $0 + $1 }
        }
        return resource
    }
}
