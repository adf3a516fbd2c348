internal import CLibxml2
internal import FoundationEssentials
internal import Glibc

/// The schemas that a file may be of, read once for many files.
///
/// A schema stands in the template's folder, or in the folder `schemas` beside the folder of templates
/// (scripts/schemas fills it), there or in `ubl/maindoc`, `cii`, `estonian`, `finvoice`. One that is nowhere is not an error: then files are only well-formed.
@safe
public final class XMLSchemas {
    private var schemas: [(name: String, schema: xmlSchemaPtr)] = unsafe []
    /// Names of schemas that are nowhere.
    public private(set) var missing: [String] = []

    /// Reads the schemas at paths in a template's folder, or of those names in the common folder.
    ///
    /// - Throws: `Diagnostic` for a file that is no schema.
    public init(_ paths: [String]) throws(Diagnostic) {
        for path in paths {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard let found = Self.place(of: name, path: path) else {
                missing.append(name)
                continue
            }
            // libxml2 joins and compares addresses, so both are whole and plain.
            guard let file = Self.realPath(found.path), let folder = Self.realPath(found.folder),
                let schema = unsafe occ_xmlReadSchema(file, folder + "/")
            else {
                throw Diagnostic(
                    "schema",
                    "is no XSD, or includes what is not there",
                    cure: "install the schema whole, with what it includes: scripts/schemas",
                    file: found.path
                )
            }
            unsafe schemas.append((name, schema))
        }
    }

    deinit {
        for unsafe(_, schema) in unsafe schemas { unsafe xmlSchemaFree(schema) }
    }

    /// Parses a document strictly and validates it against the schema that knows its root.
    ///
    /// - Returns: the schema's name; nil where none was there.
    /// - Throws: `Diagnostic` with the line of the first thing that is wrong.
    public func check(_ bytes: [UInt8], file: String) throws(Diagnostic) -> String? {
        do throws(XMLProblem) {
            return try unsafe XMLReader.withDocument(bytes) { document throws(XMLProblem) in
                var problem: XMLProblem?
                for unsafe(name, schema) in unsafe schemas {
                    guard let found = unsafe try Self.problem(document, schema, name) else {
                        return name
                    }
                    // A schema of another root says nothing about this document.
                    if problem == nil || !found.message.contains("No matching global declaration") {
                        problem = found
                    }
                }
                if let problem { throw problem }
                return nil
            }
        } catch {
            throw Diagnostic("xml", error.message, file: file, line: error.line)
        }
    }

    private static func problem(_ document: xmlDocPtr, _ schema: xmlSchemaPtr, _ name: String)
        throws(XMLProblem) -> XMLProblem?
    {
        guard let validator = unsafe xmlSchemaNewValidCtxt(schema) else {
            throw XMLProblem(message: "the schema validator has no memory", line: 0)
        }
        defer { unsafe xmlSchemaFreeValidCtxt(validator) }
        xmlResetLastError()
        unsafe occ_xmlSchemaSilence(validator)
        guard unsafe xmlSchemaValidateDoc(validator, document) != 0 else { return nil }
        return unsafe XMLReader.lastProblem(
            UnsafePointer(xmlGetLastError()),
            "is not valid against \(name)"
        )
    }

    // MARK: Places

    private static func place(of name: String, path: String) -> (path: String, folder: String)? {
        let manager = FileManager.default
        let template = folder(of: path)
        if manager.fileExists(atPath: path) { return (path, template) }
        let common = template + "/../../schemas"
        for inner in ["", "ubl/maindoc", "cii", "estonian", "finvoice"] {
            let candidate = [common, inner, name].filter { !$0.isEmpty }.joined(separator: "/")
            if manager.fileExists(atPath: candidate) { return (candidate, common) }
        }
        return nil
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func realPath(_ path: String) -> String? {
        guard let found = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(found) }
        return unsafe String(cString: found)
    }
}
