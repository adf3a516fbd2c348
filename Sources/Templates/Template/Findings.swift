/// What is wrong with a template, gathered so that one check names everything.
///
/// A mistake is reported once: what follows from it only because a name could not be declared, is not.
public final class Findings {
    /// What is wrong, in the order found.
    public private(set) var errors: [Diagnostic] = []
    /// What may be meant otherwise.
    public private(set) var warnings: [Diagnostic] = []
    /// Names that are not there because what declares them is wrong.
    private var lostNames: Set<String> = []
    /// How many conditions around the place are wrong: what they would have shown to be there is unknown.
    private var lostConditions = 0

    /// Nothing is wrong yet.
    public init() {}

    /// Takes note of something wrong, unless it follows from what is noted already.
    public func report(_ error: Diagnostic) {
        // One that was thrown as the first of several comes with their number.
        var error = error
        error.others = 0
        guard !follows(error), !errors.contains(error) else { return }
        errors.append(error)
    }

    /// The result of a step; nil when it is wrong, which is noted.
    func collect<Result>(_ step: () throws(Diagnostic) -> Result) -> Result? {
        do throws(Diagnostic) {
            return try step()
        } catch {
            report(error)
            return nil
        }
    }

    /// The result of a step that declares a name; a wrong one loses the name.
    func collect<Result>(
        declaring name: String,
        _ step: () throws(Diagnostic) -> Result
    ) -> Result? {
        let result = collect(step)
        if result == nil { lose(name) }
        return result
    }

    /// Takes a name for lost: that it is unknown is no mistake of its own.
    func lose(_ name: String) { lostNames.insert(name) }

    /// Takes all names for lost that a part of the document would have declared.
    func loseNames(in node: YAMLNode) {
        switch node.content {
        case .scalar: break
        case .sequence(let elements): for element in elements { loseNames(in: element) }
        case .mapping(let entries):
            for (key, value) in entries {
                guard case .scalar(let word, _) = key.content else { continue }
                switch (word, value.content) {
                case ("id", .scalar(let name, _)), ("as", .scalar(let name, _)),
                    ("name", .scalar(let name, _)), ("layout", .scalar(let name, _)):
                    lose(name)
                case ("value", .scalar(let text, _)):
                    if let name = TemplateReader.lastWord(text) { lose(name) }
                case ("let", .mapping(let bindings)):
                    for (name, _) in bindings {
                        if case .scalar(let name, _) = name.content { lose(name) }
                    }
                default: loseNames(in: value)
                }
            }
        }
    }

    /// Takes the name of a column for lost.
    func loseColumn(_ node: YAMLNode) {
        if case .scalar(let name, _) = node.content { lose(name) } else { loseNames(in: node) }
    }

    /// Does a step within a node whose condition is wrong: what is absent there may be no mistake.
    func withoutCondition<Result>(
        _ isLost: Bool,
        _ step: () throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        guard isLost else { return try step() }
        lostConditions += 1
        defer { lostConditions -= 1 }
        return try step()
    }

    /// Takes note of what may be meant otherwise.
    func warn(_ found: [Diagnostic]) {
        for warning in found where !warnings.contains(warning) { warnings.append(warning) }
    }

    /// Throws the first of what is wrong.
    func throwFirst() throws(Diagnostic) {
        guard var first = errors.first else { return }
        first.others = errors.count - 1
        throw first
    }

    private func follows(_ error: Diagnostic) -> Bool {
        switch error.name {
        case "absent-value" where lostConditions > 0: return true
        case "unknown-name", "absent-value":
            let quoted = error.message.split(separator: "'", omittingEmptySubsequences: false)
            return quoted.indices.contains { index in
                index % 2 == 1
                    && quoted[index].split(separator: ".").contains {
                        lostNames.contains(String($0))
                    }
            }
        default: return false
        }
    }
}
