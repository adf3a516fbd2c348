import Delivery
import Foundation
import TestSupport
import Testing
import Transactions

/// Each step, each way of stopping there: the next start converges to the same outbox and ledger.
struct `Publishing` {
    struct Case: CustomTestStringConvertible, Sendable {
        let step: Publication.Step
        let layout: BatchEntry.Layout
        /// Whether a consumer takes all that it sees before the next start.
        let isCollected: Bool
        var testDescription: String {
            "\(step), \(layout)\(isCollected ? ", collected at once" : "")"
        }

        static let all = Publication.Step.allCases.flatMap { step in
            [BatchEntry.Layout.directory, .flat].flatMap { layout in
                [false, true].map { Case(step: step, layout: layout, isCollected: $0) }
            }
        }
    }

    /// What a whole publication shows.
    private static func expected(_ layout: BatchEntry.Layout) async throws -> [String: String] {
        try await Place.with { place in
            try place.record([.purchase("1"), .purchase("2")])
            try place.publish(try place.candidates(), layout: layout)
            return try place.shown()
        }
    }

    @Test(.tags(.crash), arguments: Case.all)
    func `converges after it was stopped`(_ stop: Case) async throws {
        let expected = try await Self.expected(stop.layout)
        try await Place.with { place in
            try place.record([.purchase("1"), .purchase("2")])
            #expect(throws: DeliveryError.self) {
                try place.publish(try place.candidates(), layout: stop.layout) {
                    step throws(DeliveryError) in
                    if step == stop.step { _ = try FileLock("/nowhere/lock", code: .outbox) }
                }
            }
            try converge(place, stop, expected)
        }
    }

    @Test(.tags(.crash), arguments: Case.all)
    func `converges after it was killed`(_ stop: Case) async throws {
        let expected = try await Self.expected(stop.layout)
        try await withTemporaryDirectory { folder in
            let (step, layout) = (stop.step.rawValue, stop.layout.rawValue)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, step = step as String, layout = layout as String] in
                let place = try Place(makingIn: folder)
                try place.record([.purchase("1"), .purchase("2")])
                try place.publish(
                    try place.candidates(),
                    layout: BatchEntry.Layout(rawValue: layout) ?? .directory
                ) { done in
                    if done.rawValue == step { kill(getpid(), SIGKILL) }
                }
            }
            try converge(try Place(openingIn: folder), stop, expected)
        }
    }

    /// Recovery, and what is still due then, give what an undisturbed run gives.
    private func converge(_ place: Place, _ stop: Case, _ expected: [String: String]) throws {
        var taken: [String: String] = [:]
        func collect() throws {
            for (path, text) in try place.shown() {
                #expect(taken[path] == nil, "\(path) was shown twice")
                taken[path] = text
                try FileManager.default.removeItem(atPath: "\(place.outbox.path)/\(path)")
            }
        }
        if stop.isCollected { try collect() }
        _ = try Recovery(place.outbox, place.ledger, place.archive)
        let due = try place.candidates()
        // Up to TX1 everything is thrown away, from there everything goes forward.
        #expect(due.count == (stop.step == .staged ? 2 : 0))
        if !due.isEmpty { try place.publish(due, layout: stop.layout) }
        try collect()
        #expect(taken == expected)
        #expect(try place.own() == ["records/000001.jsonl"])
        #expect(try place.ledger.batches().map(\.state) == [.published])
        #expect(try place.candidates().isEmpty)
        try place.outbox.requireOwner(place.ledger)
    }

    @Test(arguments: [BatchEntry.Layout.directory, .flat])
    func `puts a batch forward that a power cut took back into staging`(
        _ layout: BatchEntry.Layout
    ) async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates(), layout: layout)
            let before = try place.shown()
            // The rename is undone, the ledger's commit on its other disk is not.
            let mark = "\(place.outbox.path)/.occ-export/staging/1"
            try FileManager.default.createDirectory(
                atPath: mark,
                withIntermediateDirectories: false
            )
            for name in try FileManager.default.contentsOfDirectory(atPath: place.outbox.path)
            where !name.hasPrefix(".") {
                try FileManager.default.moveItem(
                    atPath: "\(place.outbox.path)/\(name)",
                    toPath: "\(mark)/\(name)"
                )
            }
            let recovery = try Recovery(place.outbox, place.ledger, place.archive)
            #expect(recovery.published.map(\.number) == [1])
            #expect(try place.shown() == before)
            #expect(try place.own() == ["records/000001.jsonl"])
        }
    }

    @Test func `stops for an operator when the staging of a prepared batch is gone`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try? place.publish(try place.candidates()) { step throws(DeliveryError) in
                if step == .prepared { _ = try FileLock("/nowhere/lock", code: .outbox) }
            }
            try FileManager.default.removeItem(
                atPath: "\(place.outbox.path)/.occ-export/staging/1"
            )
            let error = #expect(throws: DeliveryError.self) {
                try Recovery(place.outbox, place.ledger, place.archive)
            }
            #expect(error?.code == .operatorMustDecide)
            #expect(
                error?.message
                    == "batch 1 was prepared, and its staging folder is gone; look whether '2026-11-24_books_000001' reached its consumer, then say so with 'occ-export resolve --batch 1'"
            )
            let instant = UTCTimestamp.at("2026-11-24T04:00:00Z")
            let batch = try #require(try place.ledger.batch(1))
            try place.outbox.settle(batch, in: place.ledger, wentOut: false, at: instant)
            _ = try Recovery(place.outbox, place.ledger, place.archive)
            #expect(try place.candidates().count == 1)
            try place.publish(try place.candidates())
            #expect(try place.ledger.batches().map(\.state) == [.void, .published])
        }
    }

    @Test(arguments: [0, 40, 500])
    func `starts anew after a record whose writing was cut off`(_ bytes: Int) async throws {
        try await Place.with { place in
            try place.record([.purchase("1"), .purchase("2")])
            try? place.publish(try place.candidates()) { step throws(DeliveryError) in
                if step == .staged { _ = try FileLock("/nowhere/lock", code: .outbox) }
            }
            let path = "\(place.outbox.path)/.occ-export/records/000001.jsonl"
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(whole.count > bytes)
            try whole.prefix(bytes).write(to: URL(fileURLWithPath: path))
            try place.outbox.requireOwner(place.ledger)
            _ = try Recovery(place.outbox, place.ledger, place.archive)
            #expect(try place.own().isEmpty)
            try place.publish(try place.candidates())
            #expect(try place.own() == ["records/000001.jsonl"])
        }
    }

    @Test func `never replaces what is there under a batch's name`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            let path = "\(place.outbox.path)/2026-11-24_books_000001"
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: false
            )
            try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(path)/note.txt"))
            let error = #expect(throws: DeliveryError.self) {
                try place.publish(try place.candidates())
            }
            #expect(error?.code == .operatorMustDecide)
            #expect(try place.shown() == ["2026-11-24_books_000001/note.txt": "mine"])
            try FileManager.default.removeItem(atPath: path)
            _ = try Recovery(place.outbox, place.ledger, place.archive)
            #expect(try place.ledger.batches().map(\.state) == [.published])
        }
    }

    @Test func `publishes nothing that is not what was written`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            let path =
                "\(place.outbox.path)/.occ-export/staging/1/2026-11-24_books_000001/a_1.csv"
            let error = #expect(throws: DeliveryError.self) {
                try place.publish(try place.candidates()) { step throws(DeliveryError) in
                    guard step == .prepared else { return }
                    #expect(
                        FileManager.default.createFile(atPath: path, contents: Data("2\n".utf8))
                    )
                }
            }
            #expect(error?.code == .operatorMustDecide)
            #expect(try place.shown().isEmpty)
        }
    }
}
