/// The texts of `--help`: examples first.
enum Help {
    static let overview = """
        lipsmith makes the face in a video say something else.

          lipsmith sync --video speaker.mp4 --audio words.wav --out out.mp4
          lipsmith inspect speaker.mp4

        Commands:
          sync       a clip and a sound give a video in which the clip's speaker says the sound
          inspect    what a file is and which faces it shows
          doctor     what is installed, what is missing and how to get it
          version    the program's version

        `lipsmith COMMAND --help` shows a command's options.
        """

    /// The text of a command, or the overview.
    static func text(_ topic: String?) -> String? {
        switch topic {
        case nil: overview
        case "sync": sync
        case "inspect": inspect
        case "doctor": doctor
        case "version": "lipsmith version prints the program's version."
        default: nil
        }
    }

    private static let sync = """
        A clip and a sound give a video in which the clip's speaker says the sound.

          lipsmith sync --video speaker.mp4 --audio words.wav --out out.mp4
          lipsmith sync --video two.mp4 --audio words.wav --out out.mp4 --speaker 0:960,300
          lipsmith sync --video speaker.mp4 --audio words.wav --out out.mp4 --segment 2-6.5
          lipsmith sync --video short.mp4 --audio long.mp3 --out out.mp4 --sync-mode loop --report report.json

        Needed:
          --video FILE        the clip (mp4, mov, mkv, webm, avi, mpg)
          --audio FILE        the sound (wav, mp3, m4a, ogg, flac, or the sound of a video)
          --out, -o FILE      the MP4 to write; it appears whole or not at all

        Options:
          --sync-mode MODE    when lengths differ: bounce (default), loop, cut_off, silence, remap
          --model NAME        lipsync-2 (default) or lipsync-1.9.0-beta (bends the mouth only; fastest)
          --speaker WHO       who speaks: most-present (default: the largest, most present face of each shot), auto
                              (whose mouth moves with the clip's own sound), or FRAME:X,Y, a pixel of a frame
          --segment A-B       re-sync only these seconds of the clip; the rest passes through with its own sound;
                              A-B@C-D uses the seconds C-D of the sound; may be given several times
          --segment-out FILE  also write the one segment alone
          --keep-occluders    do not paint over a hand or a microphone before the mouth
          --temperature T     expressiveness, 0 to 1; 0.5 is the speaker's own (default)
          --crf N             x264's quality, 0 to 51, lower is better (default 17)
          --preset NAME       x264's effort, ultrafast to veryslow (default veryfast)
          --seed N            the seed of everything random (default 0)
          --report FILE       write a JSON report: frames, faces, gaps, timings, warnings
          --json              one JSON event a line on standard output: progress, then result or failure
          --quiet             say nothing but errors

        Exit codes: 0 done, 1 refused or failed, 2 wrong command line, 3 something is not installed, 130 stopped.
        """

    private static let inspect = """
        What a file is and which faces it shows.

          lipsmith inspect speaker.mp4
          lipsmith inspect words.wav --json

        Options:
          --json        as JSON
          --no-faces    read the file's facts only, which is instant

        Exit codes: as `lipsmith sync`.
        """

    private static let doctor = """
        What is installed, what is missing and how to get it. Every part is tried, not only looked for.

          lipsmith doctor
          lipsmith doctor --json

        Exit codes: 0 everything works, 3 something is missing.
        """
}
