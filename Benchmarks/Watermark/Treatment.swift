import Subprocess

/// Something that happens to a clip on its way: a name and FFmpeg's arguments between input and output.
struct Treatment {
    var name: String
    var arguments: [String]

    private init(_ name: String, _ arguments: String, crf: Int? = 20) {
        self.name = name
        let coder = crf.map { "-c:v libx264 -preset veryfast -crf \($0)" } ?? ""
        self.arguments = "\(arguments) \(coder)".split(separator: " ").map(String.init)
    }

    /// The treatments of Lipsmith's watermark study; those without a quality of their own are coded with crf 20.
    static let all = [
        Treatment("none", "-c copy", crf: nil),
        Treatment("x264 crf 23", "", crf: 23),
        Treatment("crf 28", "", crf: 28),
        Treatment("crf 33", "", crf: 33),
        Treatment("scale 0.75", "-vf scale=trunc(iw*3/8)*2:trunc(ih*3/8)*2", crf: 23),
        Treatment("scale 0.5", "-vf scale=trunc(iw/4)*2:trunc(ih/4)*2", crf: 23),
        Treatment("scale 0.33", "-vf scale=trunc(iw/6)*2:trunc(ih/6)*2", crf: 23),
        Treatment("two thirds crf 28", "-vf scale=trunc(iw/3)*2:trunc(ih/3)*2", crf: 28),
        Treatment(
            "two thirds 30 fps gamma crf 28", "-vf scale=trunc(iw/3)*2:trunc(ih/3)*2,fps=30,eq=gamma=1.2", crf: 28),
        Treatment(
            "VP9", "-c:v libvpx-vp9 -crf 36 -b:v 0 -deadline realtime -cpu-used 7 -row-mt 1 -threads 2", crf: nil),
        Treatment("25 to 30 fps", "-vf fps=30", crf: 23),
        Treatment("30 to 25 fps", "-vf fps=25", crf: 23),
        Treatment("HEVC crf 28", "-c:v libx265 -preset fast -crf 28 -x265-params log-level=none:pools=2", crf: nil),
        Treatment("crop 25 %", "-vf crop=trunc(iw*3/8)*2:trunc(ih*3/8)*2", crf: 23),
        Treatment("rotation 3 degrees", "-vf rotate=3*PI/180", crf: 23),
        Treatment("brighter contrast gamma", "-vf eq=brightness=0.05:contrast=1.15:gamma=1.15", crf: 23),
        Treatment("denoised", "-vf hqdn3d=4:3:6:4.5", crf: 23),
        Treatment("mirrored", "-vf hflip", crf: 23),
    ]

    /// Writes the treated copy.
    func apply(to input: String, output: String) throws {
        let program = try Subprocess(
            "ffmpeg", ["-nostdin", "-v", "error", "-y", "-i", input, "-an"] + arguments + [output])
        guard program.waitUntilExit() == 0 else { throw Failure(description: "ffmpeg failed: \(name) of \(input)") }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }
}
