/// The macros over lists (cel-spec, Macros).
enum Macro: String {
    case map
    case filter
    case all
    case exists
    case existsOne = "exists_one"

    func evaluation(
        slot: Int,
        list: @escaping Evaluation,
        condition: Evaluation?,
        body: @escaping Evaluation
    ) -> Evaluation {
        { frame throws(EvaluationError) in
            guard case .list(let values) = try list(&frame) else { return .absent }
            var results: [Value] = []
            var count = 0
            var failure: EvaluationError?
            for value in values {
                frame[slot] = value
                if let condition, case .bool(false) = try condition(&frame) { continue }
                let result: Value
                do throws(EvaluationError) {
                    result = try body(&frame)
                } catch {
                    // all and exists may still be decided by another element; then the failure is
                    // of no account (cel-spec: errors are absorbed as by && and ||).
                    guard self == .all || self == .exists else { throw error }
                    failure = failure ?? error
                    continue
                }
                switch (self, result) {
                case (.map, _): results.append(result)
                case (.filter, .bool(true)): results.append(value)
                case (.all, .bool(false)): return .bool(false)
                case (.exists, .bool(true)): return .bool(true)
                case (.existsOne, .bool(true)): count += 1
                default: break
                }
            }
            if let failure { throw failure }
            return switch self {
            case .map, .filter: .list(results)
            case .all: .bool(true)
            case .exists: .bool(false)
            case .existsOne: .bool(count == 1)
            }
        }
    }
}
