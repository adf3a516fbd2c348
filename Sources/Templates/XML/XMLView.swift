/// An element of a document that was read, by local names: for looking at files that were written.
public struct XMLView: Sendable {
    private let element: XMLNode.Element

    /// Reads a document strictly: no DTD, no entity, no network.
    ///
    /// - Throws: `Diagnostic` with the line of what is wrong.
    public init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
        do throws(XMLProblem) {
            element = try XMLReader.root(of: bytes)
        } catch {
            throw Diagnostic("xml", error.message, file: file, line: error.line)
        }
    }

    private init(_ element: XMLNode.Element) { self.element = element }

    /// The name without a prefix.
    public var name: String { element.localName }

    /// The namespace; nil for none.
    public var namespace: String? { element.namespace }

    /// The text directly inside, blanks around it taken off; nil when there is none.
    public var text: String? {
        let whole = element.children.compactMap { child in
            if case .text(let text, _) = child { text } else { nil }
        }.joined()
        var part = whole[...]
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return part.isEmpty ? nil : String(part)
    }

    /// An attribute by its name without a prefix.
    public func attribute(_ name: String) -> String? {
        element.attributes.first { $0.name.split(separator: ":").last.map(String.init) == name }?
            .value
    }

    /// The elements at a path of local names: `Party/PartyName/Name`.
    public func all(_ path: String) -> [XMLView] {
        var found = [self]
        for name in path.split(separator: "/") {
            found = found.flatMap { view in
                view.element.children.compactMap { child -> XMLView? in
                    guard case .element(let inner) = child, inner.localName == name else {
                        return nil
                    }
                    return XMLView(inner)
                }
            }
        }
        return found
    }

    /// The first element at a path.
    public func first(_ path: String) -> XMLView? { all(path).first }

    /// The text of the first element at a path.
    public func text(_ path: String) -> String? { first(path)?.text }
}
