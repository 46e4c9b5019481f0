import Foundation
import LipSync

/// Lets a test mix real media with the stub's texts: what is real goes on as the real program.
enum RealMedia {
    /// Standard input, where it was read already.
    nonisolated(unsafe) private(set) static var input: Data?

    /// Becomes the real program if the medium is real; comes back if it is a stub's.
    static func handOn(to program: String, _ arguments: [String]) throws {
        let input = FileHandle.standardInput.readDataToEndOfFile()
        self.input = input
        let path =
            arguments.first == "probe"
            ? String(decoding: input, as: UTF8.self)
            : try JSONDecoder().decode(EngineTask.self, from: input).visualPath
        guard let file = FileHandle(forReadingAtPath: path), let head = try file.read(upToCount: 6),
            !["video ", "image ", "audio "].contains(String(decoding: head, as: UTF8.self))
        else { return }
        var template = Array("/tmp/stub-input-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        unlink(template)
        FileHandle(fileDescriptor: descriptor).write(input)
        lseek(descriptor, 0, SEEK_SET)
        dup2(descriptor, 0)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        execv(program, &words)
        exit(9)
    }
}

extension EngineTask {
    /// The video, the first picture, or the sound.
    var visualPath: String {
        switch self {
        case .sync(let plan): plan.videoPath
        case .step(let task): task.plan.videoPath
        case .animation(let plan): plan.pictures[0].path
        case .processing(.voice(let isolation)): isolation.path
        case .processing(.picture(let upscaling)): upscaling.path
        case .processing(.video(let upscaling)): upscaling.path
        case .mix(let mix): mix.background?.path ?? mix.voices[0].path
        }
    }
}
