internal import Delivery
internal import FoundationEssentials
internal import Templates

extension Manifest {
    /// Tells the running numbers of documents, by which `explain` renders the batch again.
    mutating func numberDocuments(of rendering: Rendering) {
        guard let first = rendering.firstSerial, let next = rendering.nextSerial, next > first
        else { return }
        documentNumbers = [first, next - 1]
    }
}

extension Manifest.Resource {
    /// A file as it was rendered and written.
    static func file(_ file: RenderedFile, size: Int, hash: String) -> Manifest.Resource {
        let ending = file.name.split(separator: ".").last.map(String.init) ?? ""
        var resource = Manifest.Resource(
            path: file.name,
            bytes: size,
            hash: hash,
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

    /// Says how delimited text is written, and its columns.
    mutating func describe(_ table: Table?) {
        dialect = table?.dialect
        schema = table?.schema
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
