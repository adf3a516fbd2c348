/// What befalls a made-up purchase as the days go by: all of it follows from the seed.
public struct SandboxEvents: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int

    /// From bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// One row in 25 appears 1 to 20 days after its purchase, as from an offline terminal.
    public static let late = SandboxEvents(rawValue: 1)
    /// One row in 30 gets another quantity and price 3 to 12 days later.
    public static let corrected = SandboxEvents(rawValue: 2)
    /// One receipt in 20 has a second line under the same id.
    public static let lines = SandboxEvents(rawValue: 4)
    /// One row in 60 is gone 8 to 20 days later.
    public static let vanished = SandboxEvents(rawValue: 8)
    /// One row in 80 stands under the next contract too, every second of them with another price.
    public static let shared = SandboxEvents(rawValue: 16)
    /// One row in 15 stands twice in each answer, byte for byte.
    public static let doubled = SandboxEvents(rawValue: 32)

    /// What a month at the API is like.
    public static let usual: SandboxEvents = [.late, .corrected, .lines]
    /// And what it should never be like.
    public static let all: SandboxEvents = [.usual, .vanished, .shared, .doubled]

    /// The events by the names that the command line has.
    public static let names: [(name: String, event: SandboxEvents)] = [
        ("late", .late), ("corrected", .corrected), ("lines", .lines), ("vanished", .vanished),
        ("shared", .shared), ("doubled", .doubled), ("usual", .usual), ("all", .all), ("none", []),
    ]
}

/// The days that matter in the life of one purchase.
struct SandboxLife {
    let appears: SandboxDay
    var corrected: SandboxDay?
    var vanishes: SandboxDay?
    var hasSecondLine = false
    var isShared = false
    var isSharedDifferently = false
    var isDoubled = false

    init(_ events: SandboxEvents, seed: UInt64, number: Int, day: SandboxDay) {
        var chance = SplitMix64(seed, 7, number)
        // All are drawn, wanted or not, so that one more kind of event changes none of the others.
        let (late, delay) = (chance.below(25) == 0, 1 + chance.below(20))
        let (isCorrected, after) = (chance.below(30) == 0, 3 + chance.below(10))
        let lines = chance.below(20) == 0
        let (isGone, gone) = (chance.below(60) == 0, 8 + chance.below(13))
        let (shared, differently) = (chance.below(80) == 0, chance.below(2) == 0)
        let doubled = chance.below(15) == 0
        appears = day.adding(events.contains(.late) && late ? delay : 0)
        if events.contains(.corrected), isCorrected { corrected = appears.adding(after) }
        if events.contains(.vanished), isGone { vanishes = appears.adding(gone) }
        hasSecondLine = events.contains(.lines) && lines
        isShared = events.contains(.shared) && shared
        isSharedDifferently = isShared && differently
        isDoubled = events.contains(.doubled) && doubled
    }

    /// Whether the API shows it on that day.
    func isVisible(on today: SandboxDay) -> Bool {
        appears <= today && (vanishes.map { today < $0 } ?? true)
    }
}
