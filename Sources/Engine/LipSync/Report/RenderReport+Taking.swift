extension RenderReport {
    /// Adds what was measured.
    ///
    /// - Parameter gapFrames: For each gap the output frame whose small picture it gets.
    mutating func take(_ outcome: MeasurePlan.Outcome, gapFrames: [Int], texts: [TextNote]) {
        schemaVersion = Self.schemaVersion
        measures = outcome.measures
        curves = outcome.curves
        sound = outcome.sound
        thumbnails = outcome.thumbnails
        self.texts = texts
        for (number, frame) in zip(gaps.indices, gapFrames) { gaps[number].thumbnail = outcome.picture(frame) }
        verdicts =
            ReportVerdicts(
                measures: outcome.measures, sound: outcome.sound, wantedFrames: parts.reduce(0) { $0 + $1.frames },
                drawnFrames: parts.reduce(0) { $0 + $1.framesDrawn }
            ).all
        timings.measureMilliseconds = outcome.seconds * 1000 / Double(max(output.frames, 1))
    }
}
