internal import CLibxml2

/// An element or text of a parsed document, copied out of libxml2 so that no pointer outlives the parse.
indirect enum XMLNode: Sendable {
    struct Attribute: Sendable {
        let name: String
        let namespace: String?
        let value: String
    }
    struct Element: Sendable {
        /// The name as written, with its prefix.
        let name: String
        /// The name without a prefix.
        let localName: String
        let namespace: String?
        /// `xmlns` declarations: prefix (empty for the default) and URI.
        let declarations: [(prefix: String, uri: String)]
        let attributes: [Attribute]
        let children: [XMLNode]
        let line: Int
    }

    case element(Element)
    case text(String, line: Int)
}

/// Why a document is not taken.
struct XMLProblem: Error {
    let message: String
    let line: Int
    /// What to do.
    var cure = "make it well-formed"
}

/// Reads XML strictly through libxml2: no network, no entity, no DTD (reliability 6.5).
enum XMLReader {
    /// Turns the library's file and network access off for good, before anything else is done with it.
    private static let isPrepared: Bool = {
        xmlInitParser()
        // gnome.pages.gitlab.gnome.org/libxml2/html: the loader is asked for every external entity,
        // schema include and import; answering NULL denies them all.
        occ_xmlDenyExternal()
        return true
    }()

    /// Parses a document and hands the tree's owner to `read`; the tree is freed afterwards.
    static func withDocument<Result>(
        _ bytes: [UInt8],
        _ read: (xmlDocPtr) throws(XMLProblem) -> Result
    ) throws(XMLProblem) -> Result {
        _ = isPrepared
        guard let context = unsafe xmlNewParserCtxt() else {
            throw XMLProblem(message: "the XML parser has no memory", line: 0)
        }
        defer { unsafe xmlFreeParserCtxt(context) }
        // xmlCtxtReadMemory copies nothing but keeps no pointer after it returns.
        let options = CInt(
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        )
        let document = unsafe bytes.withUnsafeBytes { buffer in
            unsafe xmlCtxtReadMemory(
                context,
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                CInt(buffer.count),
                nil,
                nil,
                options
            )
        }
        guard let document = unsafe document else {
            throw unsafe lastProblem(xmlCtxtGetLastError(context), "is not well-formed XML")
        }
        defer { unsafe xmlFreeDoc(document) }
        // Names are checked behind well-formedness: the parser tells of it and goes on.
        if unsafe context.pointee.nsWellFormed == 0,
            let error = unsafe xmlCtxtGetLastError(context),
            unsafe error.pointee.code == CInt(XML_NS_ERR_ATTRIBUTE_REDEFINED.rawValue)
        {
            throw unsafe lastProblem(error, "has an attribute twice")
        }
        guard unsafe document.pointee.intSubset == nil else {
            throw XMLProblem(
                message: "has a DOCTYPE, which is never taken",
                line: 1,
                cure: "leave it out"
            )
        }
        return unsafe try read(document)
    }

    static func lastProblem(_ error: UnsafePointer<xmlError>?, _ fallback: String) -> XMLProblem {
        guard let error = unsafe error, let text = unsafe error.pointee.message else {
            return XMLProblem(message: fallback, line: 0)
        }
        let message = unsafe String(cString: text).split(separator: "\n").joined(separator: " ")
        let code = unsafe error.pointee.code
        let cure =
            switch code {
            // xmlerror.h: the parser's codes for a '&' that begins no entity, an unknown one, and one
            // without ';', and for a '<' within an attribute.
            case CInt(XML_ERR_NAME_REQUIRED.rawValue),
                CInt(XML_ERR_ENTITYREF_SEMICOL_MISSING.rawValue):
                "'&' is written &amp;, '&&' is written &amp;&amp;"
            case CInt(XML_ERR_UNDECLARED_ENTITY.rawValue), CInt(XML_WAR_UNDECLARED_ENTITY.rawValue):
                "write the character itself; '&' is written &amp;"
            case CInt(XML_ERR_LT_IN_ATTRIBUTE.rawValue): "'<' is written &lt;"
            default: "make it well-formed"
            }
        return XMLProblem(message: message, line: Int(unsafe error.pointee.line), cure: cure)
    }

    /// The root element with all that is in it; comments and processing instructions are left out.
    static func root(of bytes: [UInt8]) throws(XMLProblem) -> XMLNode.Element {
        try unsafe withDocument(bytes) { document throws(XMLProblem) in
            guard let root = unsafe xmlDocGetRootElement(document) else {
                throw XMLProblem(message: "has no root element", line: 1)
            }
            return unsafe element(root)
        }
    }

    private static func text(_ characters: UnsafePointer<xmlChar>?) -> String? {
        guard let characters = unsafe characters else { return nil }
        return unsafe String(
            decoding: UnsafeBufferPointer(start: characters, count: Int(xmlStrlen(characters))),
            as: UTF8.self
        )
    }

    private static func element(_ node: xmlNodePtr) -> XMLNode.Element {
        let localName = unsafe text(node.pointee.name) ?? ""
        var namespace: String?
        var prefix: String?
        if let found = unsafe node.pointee.ns {
            namespace = unsafe text(found.pointee.href)
            prefix = unsafe text(found.pointee.prefix)
        }
        var declarations: [(prefix: String, uri: String)] = []
        var declared = unsafe node.pointee.nsDef
        while let current = unsafe declared {
            declarations.append(
                (
                    unsafe text(current.pointee.prefix) ?? "",
                    unsafe text(current.pointee.href) ?? ""
                )
            )
            unsafe declared = unsafe current.pointee.next
        }
        var attributes: [XMLNode.Attribute] = []
        var property = unsafe node.pointee.properties
        while let current = unsafe property {
            let value = unsafe xmlNodeListGetString(node.pointee.doc, current.pointee.children, 1)
            var name = unsafe text(current.pointee.name) ?? ""
            var uri: String?
            if let found = unsafe current.pointee.ns {
                uri = unsafe text(found.pointee.href)
                if let prefix = unsafe text(found.pointee.prefix) { name = "\(prefix):\(name)" }
            }
            attributes.append(.init(name: name, namespace: uri, value: unsafe text(value) ?? ""))
            unsafe occ_xmlFree(value)
            unsafe property = unsafe current.pointee.next
        }
        var children: [XMLNode] = []
        var child = unsafe node.pointee.children
        while let current = unsafe child {
            switch unsafe current.pointee.type {
            case XML_ELEMENT_NODE: children.append(.element(unsafe element(current)))
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                children.append(
                    .text(
                        unsafe text(current.pointee.content) ?? "",
                        line: Int(unsafe xmlGetLineNo(current))
                    )
                )
            default: break
            }
            unsafe child = unsafe current.pointee.next
        }
        return XMLNode.Element(
            name: prefix.map { "\($0):\(localName)" } ?? localName,
            localName: localName,
            namespace: namespace,
            declarations: declarations,
            attributes: attributes,
            children: children,
            line: Int(unsafe xmlGetLineNo(node))
        )
    }
}
