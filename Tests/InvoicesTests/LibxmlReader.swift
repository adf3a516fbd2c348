import CLibxml2
import Testing

/// A document as libxml2 reads it, written apart from the product's own reader and writer.
struct LibxmlElement {
    let name: String
    let attributes: [String: String]
    let text: String
    let children: [LibxmlElement]

    static func read(_ document: String) throws -> LibxmlElement {
        let bytes = Array(document.utf8)
        let parsed = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                unsafe xmlReadMemory(characters.baseAddress, CInt(characters.count), nil, nil, 0)
            }
        }
        let tree = unsafe try #require(parsed)
        defer { unsafe xmlFreeDoc(tree) }
        let root = unsafe try #require(xmlDocGetRootElement(tree))
        return unsafe LibxmlElement(root)
    }

    private init(_ node: xmlNodePtr) {
        name = unsafe Self.string(node.pointee.name)
        var attributes: [String: String] = [:]
        var attribute = unsafe node.pointee.properties
        while let current = unsafe attribute {
            let value = unsafe current.pointee.children
            attributes[unsafe Self.string(current.pointee.name)] =
                unsafe value == nil ? "" : Self.string(value?.pointee.content)
            unsafe attribute = unsafe current.pointee.next
        }
        self.attributes = attributes
        var text = ""
        var children: [LibxmlElement] = []
        var child = unsafe node.pointee.children
        while let current = unsafe child {
            if unsafe current.pointee.type == XML_ELEMENT_NODE {
                children.append(unsafe LibxmlElement(current))
            } else if unsafe current.pointee.type == XML_TEXT_NODE {
                text += unsafe Self.string(current.pointee.content)
            }
            unsafe child = unsafe current.pointee.next
        }
        self.children = children
        self.text = text
    }

    private static func string(_ characters: UnsafePointer<xmlChar>?) -> String {
        unsafe characters.map { unsafe String(cString: $0) } ?? ""
    }

    /// The elements at a path of names.
    func all(_ path: String) -> [LibxmlElement] {
        path.split(separator: "/").reduce([self]) { found, name in
            found.flatMap { $0.children.filter { $0.name == name } }
        }
    }

    /// The text of the first element at a path; nil when there is none.
    func value(_ path: String) -> String? { all(path).first?.text }
}
