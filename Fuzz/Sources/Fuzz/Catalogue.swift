internal import Foundation
internal import Templates

/// The names in docs/errors.md: nothing else may come out.
enum Catalogue {
    private static let names: Set<String> = {
        let path = environment("FUZZ_CATALOGUE")
        guard let data = FileManager.default.contents(atPath: path) else {
            complain("there is no catalogue at \(path)")
        }
        var names: Set<String> = []
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n")
        where line.hasPrefix("| `") {
            // Between backticks of the first cell stand names.
            let cell = line.split(separator: "|").first ?? ""
            for (index, part) in cell.split(separator: "`").enumerated() where index % 2 == 1 {
                names.insert(String(part))
            }
        }
        return names
    }()

    /// A name must be documented.
    static func require(_ name: String) {
        claim(names.contains(name), "'\(name)' is not in docs/errors.md")
    }

    /// A diagnostic must be documented, and its lines must be writable.
    static func require(_ diagnostic: Diagnostic) {
        require(diagnostic.name)
        claim(!diagnostic.oneLine.isEmpty, "a diagnostic without words")
    }
}

/// Runs what reads a template, and lets only documented errors pass.
func onlyDocumentedErrors(_ body: () throws -> Void) {
    do {
        try body()
    } catch let diagnostic as Diagnostic {
        Catalogue.require(diagnostic)
    } catch let error as RenderingError {
        Catalogue.require(error.diagnostic)
    } catch {
        complain("undocumented: \(error)")
    }
}

/// The folder of this run, for readers that take files.
enum Scratch {
    static let folder = environment("FUZZ_FOLDER")

    /// Writes a file of the folder.
    static func write(_ bytes: [UInt8], _ name: String) {
        let path = "\(folder)/\(name)"
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            complain("\(path): \(error)")
        }
    }
}
