internal import CLibxml2
internal import FoundationEssentials

/// Checks written XML: well-formed, and valid against an XSD of the template's folder.
public enum XMLValidation {
    /// Parses a document strictly and validates it.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - schema: the XSD file; nil to check only that the document is well-formed.
    ///   - file: what messages call the document.
    /// - Throws: `Diagnostic` with the line of the first thing that is wrong.
    public static func check(_ bytes: [UInt8], schema: String?, file: String) throws(Diagnostic) {
        do throws(XMLProblem) {
            try unsafe XMLReader.withDocument(bytes) { document throws(XMLProblem) in
                guard let schema else { return }
                unsafe try validate(document, against: schema)
            }
        } catch {
            throw Diagnostic("xml", error.message, file: file, line: error.line)
        }
    }

    private static func validate(_ document: xmlDocPtr, against path: String) throws(XMLProblem) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw XMLProblem(message: "schema '\(path)' cannot be read", line: 0)
        }
        let bytes = Array(data)
        // From memory: the entity loader, which denies every file, is asked for schemas too.
        let parser = unsafe bytes.withUnsafeBytes { buffer in
            unsafe xmlSchemaNewMemParserCtxt(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                CInt(buffer.count)
            )
        }
        guard let parser = unsafe parser else {
            throw XMLProblem(message: "schema '\(path)' cannot be read", line: 0)
        }
        defer { unsafe xmlSchemaFreeParserCtxt(parser) }
        unsafe occ_xmlSchemaParserSilence(parser)
        // xmlSchemaParse reads the buffer again, so it must live until here.
        let schema = unsafe withExtendedLifetime(bytes) { unsafe xmlSchemaParse(parser) }
        guard let schema = unsafe schema else {
            throw XMLProblem(message: "schema '\(path)' is no XSD", line: 0)
        }
        defer { unsafe xmlSchemaFree(schema) }
        guard let validator = unsafe xmlSchemaNewValidCtxt(schema) else {
            throw XMLProblem(message: "the schema validator has no memory", line: 0)
        }
        defer { unsafe xmlSchemaFreeValidCtxt(validator) }
        xmlResetLastError()
        unsafe occ_xmlSchemaSilence(validator)
        guard unsafe xmlSchemaValidateDoc(validator, document) == 0 else {
            throw unsafe XMLReader.lastProblem(
                UnsafePointer(xmlGetLastError()),
                "is not valid against \(path)"
            )
        }
    }
}
