extension TimedPhone {
    /// The phones in order of time, cut where they overlap, with silence in every gap from 0 to `durationSeconds`.
    ///
    /// Neighbouring silences are joined; phones without length or outside the range are dropped.
    public static func gapless(_ phones: [TimedPhone], durationSeconds: Double) -> [TimedPhone] {
        var result: [TimedPhone] = []
        func add(_ phone: String, _ start: Double, _ end: Double) {
            guard end > start else { return }
            if phone == silence, let last = result.last, last.phone == silence {
                result[result.count - 1].endSeconds = end
            } else {
                result.append(TimedPhone(phone: phone, startSeconds: start, endSeconds: end))
            }
        }
        var reached = 0.0
        for phone in phones.sorted(by: { $0.startSeconds < $1.startSeconds }) {
            let start = min(max(phone.startSeconds, reached), durationSeconds)
            let end = min(phone.endSeconds, durationSeconds)
            guard end > start else { continue }
            add(silence, reached, start)
            add(phone.phone, start, end)
            reached = end
        }
        add(silence, reached, durationSeconds)
        return result
    }

    /// The phones of a part of a sound, in seconds from the start of the part, without gaps.
    public static func cropped(
        _ phones: [TimedPhone], fromSeconds start: Double, toSeconds end: Double
    ) -> [TimedPhone] {
        let moved = phones.map {
            TimedPhone(
                phone: $0.phone, startSeconds: max(0, $0.startSeconds - start),
                endSeconds: min($0.endSeconds, end) - start)
        }
        return gapless(moved, durationSeconds: max(0, end - start))
    }
}
