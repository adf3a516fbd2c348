internal import Expressions

extension PlanBuilder {
    /// Puts a node's layout and values in force for the records inside it.
    mutating func takeLayout(_ declaration: NodeDeclaration, _ place: inout Place)
        throws(Diagnostic)
    {
        if let name = declaration.layout {
            guard let layout = template.layouts.first(where: { $0.name == name.text }) else {
                throw name.node.diagnostic(
                    "unknown-name",
                    "there is no layout '\(name.text)'",
                    cure: nearestName(to: name.text, among: template.layouts.map(\.name)).map {
                        "did you mean '\($0)'?"
                    } ?? "declare it under layouts"
                )
            }
            if place.layout?.name != layout.name { place.defaults = [:] }
            place.layout = layout
        }
        guard let layout = place.layout else { return }
        var own: [Int: String] = [:]
        for value in declaration.values {
            let index = findings.collect { () throws(Diagnostic) in
                try column(of: value, in: layout)
            }
            guard let index else { continue }
            let name = "\(layout.fields[index].name ?? "column \(index + 1)")"
            if own.updateValue(name, forKey: index) != nil {
                findings.report(
                    value.key.diagnostic(
                        "doubled-name",
                        "'\(name)' is set twice, by its name and by its number \(index + 1)",
                        cure: "leave one"
                    )
                )
            }
            value.field.format.reportForeignKeys(to: place.form.kind, .field, findings)
            place.defaults[index] = value
        }
    }

    /// The place of the column that a value is for.
    private func column(of value: LayoutValue, in layout: LayoutDeclaration) throws(Diagnostic)
        -> Int
    {
        let name = try value.key.text()
        let named = layout.fields.firstIndex { $0.name == name }
        let number = Int(name).flatMap { layout.fields.indices.contains($0 - 1) ? $0 - 1 : nil }
        guard let index = named ?? number else {
            throw value.key.diagnostic(
                "unknown-name",
                "layout '\(layout.name)' has no column '\(name)'",
                cure: nearestName(to: name, among: layout.fields.compactMap(\.name)).map {
                    "did you mean '\($0)'?"
                } ?? "it has \(layout.fields.count) columns"
            )
        }
        return index
    }

    /// The columns of a layout with the values in force.
    func filled(_ layout: LayoutDeclaration, _ place: Place) -> [FieldDeclaration] {
        var fields = layout.fields
        for (index, value) in place.defaults {
            fields[index].content = value.field.content
            fields[index].pattern = value.field.pattern ?? fields[index].pattern
            fields[index].format = value.field.format.inside(fields[index].format)
            fields[index].node = value.field.node
        }
        return fields
    }

    /// A record of the column names of another.
    mutating func compileNames(_ id: ExpressionText, _ place: Place) throws(Diagnostic)
        -> CompiledNode.Writing
    {
        try require(place, .delimited, "names_of", id.node)
        let names: [String]
        if let layout = template.layouts.first(where: { $0.name == id.text }) {
            names = layout.fields.enumerated().map { $1.name ?? "field\($0 + 1)" }
        } else if let fields = fieldsById[id.text] {
            names = fields.enumerated().map { $1.name ?? "field\($0 + 1)" }
        } else {
            let known = Array(fieldsById.keys) + template.layouts.map(\.name)
            throw id.node.diagnostic(
                "unknown-name",
                "there is no record '\(id.text)'",
                cure: nearestName(to: id.text, among: known.sorted()).map {
                    "did you mean '\($0)'?"
                } ?? "name a record's id or a layout"
            )
        }
        var format = place.format
        format.formulas = .keep
        let encoding = place.form.encoding
        for name in names {
            guard let missing = encoding.firstMissing(in: name) else { continue }
            throw id.node.diagnostic(
                "unmappable",
                UnmappableCharacter(scalar: missing, encoding: encoding.name).message,
                cure: "write it with other characters, or choose another encoding"
            )
        }
        let fields = names.map { name in
            CompiledField(
                name: name,
                content: .nothing,
                node: id.node,
                look: FieldLook(
                    format,
                    isText: true,
                    isQuotedText: true,
                    isNumber: false,
                    width: 0,
                    encoding: encoding
                )
            )
        }
        return .names(names, DelimitedEncoder(fields: fields))
    }
}
