import Foundation
import LipSync
import Media
import Speech

/// What listening to a sound costs: levels, network and all.
struct ListeningMeasure {
    var soundSeconds: Double
    var processorSeconds: Double
    var peakMegabytes: Double

    init(_ path: String, encoder: any SpeechEncoder) throws {
        let start = clock()
        let analysis = try speech(path, encoder: encoder)
        processorSeconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        soundSeconds = analysis.durationSeconds
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        peakMegabytes = Double(usage.ru_maxrss) / 1024
    }

    var line: String {
        String(
            format: "%.0f s of sound in %.1f s of one core: %.0f times real time; peak %.0f MB", soundSeconds,
            processorSeconds, soundSeconds / processorSeconds, peakMegabytes)
    }
}
