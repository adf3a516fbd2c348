/// `checksum: { name: seal, algorithm: crc-32, of: tokens }`: a sum over what a node writes, which the
/// records behind the node may use under that name.
struct ChecksumDeclaration: Sendable {
    enum Algorithm: String, CaseIterable {
        /// CRC-32 as zlib and IEEE 802.3 have it: polynomial EDB88320, start and end inverted.
        case crc32 = "crc-32"
    }

    /// What of the bytes written counts.
    enum Extent: String, CaseIterable {
        /// All of them, line ends too.
        case bytes
        /// What stands between blanks, tabs, line ends and braces; a part in double quotes without the
        /// quotes, and in it `\"` as `"`.
        case tokens
    }

    let name: String
    let extent: Extent
    let node: YAMLNode

    init(_ node: YAMLNode) throws(Diagnostic) {
        let fields = try node.fields(["name", "algorithm", "of"])
        guard let name = fields["name"] else { throw node.missing("name", "the value's name") }
        guard let algorithm = fields["algorithm"] else {
            throw node.missing("algorithm", Algorithm.crc32.rawValue)
        }
        _ = try algorithm.word(Algorithm.self)
        self.name = try name.text()
        try TemplateReader.requireName(self.name, name)
        extent = try fields["of"]?.word(Extent.self) ?? .bytes
        self.node = name
    }

    /// A sum needs a node that is written once, or its name would stand for several values or none.
    static func read(_ node: YAMLNode, _ fields: [String: YAMLNode]) throws(Diagnostic)
        -> ChecksumDeclaration?
    {
        guard let found = fields["checksum"] else { return nil }
        guard fields["records"] != nil, fields["for_each"] == nil, fields["when"] == nil else {
            throw found.diagnostic(
                "writing",
                "checksum belongs to a node with records that is written once",
                cure: "put records: [...] around what it covers, for_each and when inside"
            )
        }
        return try ChecksumDeclaration(found)
    }
}
