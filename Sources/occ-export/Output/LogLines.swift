internal import FoundationEssentials
internal import Logging

/// The log on standard error: a line a message, as text or as JSON.
struct LogLines: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    let console: Console
    let isJSON: Bool

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = merged.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
        if isJSON {
            var fields = Dictionary(details) { $1 }
            fields["level"] = event.level.rawValue
            fields["message"] = "\(event.message)"
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // Strings always encode; were it otherwise, the plain line below still says what happened.
            guard let line = try? encoder.encode(fields) else {
                console.note("\(event.level): \(event.message)")
                return
            }
            console.noteAsIs(String(decoding: line, as: UTF8.self))
            return
        }
        let suffix = details.map { " \($0.0)=\($0.1)" }.joined()
        let prefix = event.level == .info ? "" : "\(event.level.rawValue): "
        // A message is a line: an id with a line break must not make another one.
        console.note(Console.visible("\(prefix)\(event.message)\(suffix)", keepsLines: false))
    }
}
