/// One thing that was guessed from an example file, with the reason it is believed.
public struct Guess: Sendable, Hashable {
    /// What was guessed: `encoding`, `delimiter`, `columns[3]`.
    public let what: String
    /// What it is taken for; empty where nothing could be guessed.
    public let value: String
    /// Why, without any value of the example file: they may be personal.
    public let reason: String

    /// Whether an integrator has to say what is meant.
    public var isOpen: Bool { value.isEmpty }
}
