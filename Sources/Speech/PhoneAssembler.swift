/// Joins the phones of consecutive utterances into one gapless list on the time of the whole sound.
struct PhoneAssembler {
    /// The recogniser's windows end short of the sound; gaps up to this many frames belong to the phone before them.
    private static let tolerance = 4

    private var phones: [TimedPhone] = []
    private var endFrame = 0

    /// Adds the phones of an utterance that begins at `firstFrame` (10 ms) of the sound.
    mutating func append(_ segments: [PhoneRecognizer.Segment], from firstFrame: Int) {
        fill(to: firstFrame)
        for segment in segments {
            let start = max(segment.start + firstFrame, endFrame)
            let end = segment.end + firstFrame
            guard end > start else { continue }
            fill(to: start)
            add(segment.phone, from: endFrame, to: end)
        }
    }

    /// Fills up to the end of the sound, or cuts what reaches over it, and gives the list.
    mutating func finish(durationSeconds: Double) -> [TimedPhone] {
        let end = durationSeconds
        let rate = Double(SpeechAnalysis.framesPerSecond)
        phones.removeAll { $0.startSeconds >= end }
        guard end > 0 else { return [] }
        let reached = phones.last?.endSeconds ?? 0
        if !phones.isEmpty, reached >= end || end - reached <= Double(Self.tolerance) / rate {
            phones[phones.count - 1].endSeconds = end
        } else if phones.last?.phone == TimedPhone.silence {
            phones[phones.count - 1].endSeconds = end
        } else {
            phones.append(TimedPhone(phone: TimedPhone.silence, startSeconds: reached, endSeconds: end))
        }
        return phones
    }

    private mutating func fill(to frame: Int) {
        guard frame > endFrame else { return }
        if frame - endFrame <= Self.tolerance, let last = phones.last {
            add(last.phone, from: endFrame, to: frame, joining: true)
        } else {
            add(TimedPhone.silence, from: endFrame, to: frame)
        }
    }

    /// Neighbouring silences are one: the mouth rests through a long pause instead of stirring in it.
    private mutating func add(_ phone: String, from start: Int, to end: Int, joining: Bool = false) {
        let rate = Double(SpeechAnalysis.framesPerSecond)
        endFrame = end
        if let last = phones.last, joining || (phone == TimedPhone.silence && last.phone == phone) {
            phones[phones.count - 1].endSeconds = Double(end) / rate
        } else {
            phones.append(
                TimedPhone(phone: phone, startSeconds: Double(start) / rate, endSeconds: Double(end) / rate))
        }
    }
}
