import Foundation
import Generations
import TestSupport
import Testing
import Voices

/// Goal: the process that has the voice network loaded stays for the next text, ends when nobody speaks, and costs nothing but
/// time when it is killed.
@Suite("The process of the voice network", .serialized)
struct NetworkChildTests {
    /// A service whose processes can be told from those of other tests: they are started by a link of its own.
    private struct Voices {
        let folder: TemporaryFolder
        let service: VoiceService
        private let link: String

        init(idleTime: Duration, count: Int = 1) throws {
            folder = try TemporaryFolder()
            link = folder.path("lipsmith")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: TestVoices.executable)
            var configuration = TestVoices.configuration
            configuration.executable = link
            configuration.networkIdleTime = idleTime
            configuration.networkProcessCount = count
            service = VoiceService(configuration)
        }

        /// The numbers of the processes that have the network.
        var processes: Set<pid_t> {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return Set(
                all.compactMap { pid_t($0) }.filter { number in
                    let words = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") ?? Data()
                    let text = String(decoding: words, as: UTF8.self)
                    return text.contains("\(link)\0speak-network\0")
                })
        }

        func speak(_ text: String, as name: String) async throws -> SpokenSound {
            try await service.speak(TestVoices.request(text, "kokoro-man"), into: folder.path(name))
        }

        /// Waits until the processes are as wanted, at most a minute.
        func wait(until isWanted: (Set<pid_t>) -> Bool) async throws -> Bool {
            for _ in 0..<1200 {
                if isWanted(processes) { return true }
                try await Task.sleep(for: .milliseconds(50))
            }
            return false
        }
    }

    @Test("stays for the next text")
    func stays() async throws {
        let voices = try Voices(idleTime: .seconds(600))
        _ = try await voices.speak("One.", as: "one.wav")
        let first = voices.processes
        #expect(first.count == 1)
        _ = try await voices.speak("Two.", as: "two.wav")
        #expect(voices.processes == first)
    }

    @Test("ends when nothing was spoken for the time that is set, and comes again")
    func ends() async throws {
        let voices = try Voices(idleTime: .milliseconds(200))
        _ = try await voices.speak("One.", as: "one.wav")
        #expect(try await voices.wait { $0.isEmpty })
        #expect(try await voices.speak("Two.", as: "two.wav").durationSeconds > 0.2)
    }

    @Test("is replaced when it is killed while it speaks or waits, and the text is spoken nevertheless")
    func killed() async throws {
        let voices = try Voices(idleTime: .seconds(600))
        let text =
            "The first sentence is rather long, so that there is time. The second one, too, takes a while to say."
        async let spoken = voices.speak(text, as: "long.wav")
        #expect(try await voices.wait { !$0.isEmpty })
        let first = voices.processes
        for process in first { kill(process, SIGKILL) }
        #expect(try await spoken.durationSeconds > 4)
        let second = voices.processes
        #expect(second.count == 1)
        #expect(second.isDisjoint(with: first))
        for process in second { kill(process, SIGKILL) }
        #expect(try await voices.wait { $0.isDisjoint(with: second) })
        #expect(try await voices.speak("Three.", as: "three.wav").durationSeconds > 0.2)
    }

    @Test("ends with the service")
    func endsWithService() async throws {
        var voices: Voices? = try Voices(idleTime: .seconds(600))
        _ = try await voices?.speak("One.", as: "one.wav")
        let processes = try #require(voices?.processes)
        #expect(processes.count == 1)
        voices = nil
        for process in processes {
            var waits = 0
            while kill(process, 0) == 0, waits < 1200 {
                try await Task.sleep(for: .milliseconds(50))
                waits += 1
            }
            #expect(kill(process, 0) != 0)
        }
    }
}
