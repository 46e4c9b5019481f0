import Foundation
import Server

/// The texts of `--help`: examples first.
enum Help {
    static let overview = """
        lipsmith makes the face in a video or a photo say something else.

          lipsmith sync --video speaker.mp4 --audio words.wav --out out.mp4
          lipsmith animate --photo face.jpg --audio words.wav --out out.mp4
          lipsmith inspect speaker.mp4
          lipsmith serve --data lipsmith-data

        Commands:
          sync         a clip and a sound or text give a video in which the clip's speaker says it
          animate      a photo and a sound or text give a video in which the photo says it
          say          a text gives a sound
          voices       the voices that speak texts
          serve        the server, which speaks Sync's API v2
          keys         make, list and revoke keys to a server's interfaces
          studio-link  an address that signs its opener in to the studio, once
          jobs         what a server's queue holds and how the newest jobs ended
          webhooks     the newest webhooks and what their receivers answered
          work         a node: it works for an installation of several machines
          nodes        the processes that work for an installation
          migrate      carry an installation to another place, such as PostgreSQL and S3
          verify       where files come from: their credentials, their watermark, an installation's registry
          remote       order from a server on another machine, watch it and save what it made
          inspect      what a file is and which faces it shows
          doctor       what is installed, what is missing and how to get it
          version      the program's version

        `lipsmith COMMAND --help` shows a command's options.
        """

    /// The text of a command, or the overview.
    static func text(_ topic: String?) -> String? {
        switch topic {
        case nil: overview
        case "sync": sync
        case "animate": animate
        case "say": SpeechHelp.say
        case "voices": SpeechHelp.voices
        case "inspect": inspect
        case "doctor": doctor
        case "serve": serve
        case "keys": keys
        case "studio-link": studioLink
        case "jobs": jobs
        case "webhooks": webhooks
        case "work": MachinesHelp.work
        case "nodes": MachinesHelp.nodes
        case "migrate": MachinesHelp.migrate
        case "remote": RemoteHelp.remote
        case "verify": verify
        case "version": "lipsmith version prints the program's version."
        default: nil
        }
    }

    private static let sync = """
        A clip and a sound give a video in which the clip's speaker says the sound.

          lipsmith sync --video speaker.mp4 --audio words.wav --out out.mp4
          lipsmith sync --video speaker.mp4 --text "Good morning." --voice kokoro-woman --out out.mp4
          lipsmith sync --video two.mp4 --audio words.wav --out out.mp4 --speaker 0:960,300
          lipsmith sync --video speaker.mp4 --audio words.wav --out out.mp4 --segment 2-6.5
          lipsmith sync --video short.mp4 --audio long.mp3 --out out.mp4 --sync-mode loop --report report.json

        Needed:
          --video FILE        the clip (mp4, mov, mkv, webm, avi, mpg)
          --audio FILE        the sound (wav, mp3, m4a, ogg, flac, or the sound of a video), or
          --text TEXT         a text that is spoken; - reads it from standard input
          --out, -o FILE      the MP4 to write; it appears whole or not at all

        Options:
          --voice ID          who speaks the text (kokoro-man); `lipsmith voices` lists them
          --sync-mode MODE    when lengths differ: bounce (default), loop, cut_off, silence, remap
          --model NAME        lipsync-2 (default), lipsync-1.9.0-beta (bends the mouth only; fastest), lipsync-2-pro
                              (blended finer, slower) or sync-3 (likewise, and keeps occluders)
          --speaker WHO       who speaks: most-present (default: the largest, most present face of each shot), auto
                              (whose mouth moves with the clip's own sound), or FRAME:X,Y, a pixel of a frame
          --segment A-B       re-sync only these seconds of the clip; the rest passes through with its own sound;
                              A-B@C-D uses the seconds C-D of the sound; may be given several times
          --segment-out FILE  also write the one segment alone
          --keep-occluders    do not paint over a hand or a microphone before the mouth
          --emotion NAME      happy, sad, angry, disgusted, surprised or neutral, besides speaking
          --region WHAT       what an emotion may change: lips, face (default), or head (the head moves too)
          --temperature T     expressiveness, 0 to 1; 0.5 is the speaker's own (default)
          --crf N             x264's quality, 0 to 51, lower is better (default 17)
          --preset NAME       x264's effort, ultrafast to veryslow (default veryfast)
          --threads N         threads that draw, for speed alone (default: one a processor, up to 8)
          --workers N         cut a clip of 40 s and more into pieces and make N of them at a time, for speed alone on
                              many processors (default 1)
          --seed N            the seed of everything random (default 0)
          --credentials off   do not sign the video (default on); --watermark off: do not mark the redrawn face
          --visible-mark WHEN show a small label “AI”: corner (throughout), start (five seconds) or off (default);
                              --mark-language CODE says in which language (en)
          --report FILE       write a JSON report: frames, faces, gaps, timings, warnings
          --json              one JSON event a line on standard output: progress, then result or failure
          --quiet             say nothing but errors

        Exit codes: 0 done, 1 refused or failed, 2 wrong command line, 3 something is not installed, 130 stopped.
        """

    private static let animate = """
        A photo, painting or drawing and a sound give a video in which the face says the sound.

          lipsmith animate --photo face.jpg --audio words.wav --out out.mp4
          lipsmith animate --photo face.jpg --audio words.wav --out out.mp4 --emotion happy --size 720x1280
          lipsmith animate --photo face.jpg --drive performance.mp4 --out out.mp4
          lipsmith animate --photo before.jpg --end-photo after.jpg --duration 4 --out out.mp4

        Needed:
          --photo FILE        a picture with a face (jpg, png, webp)
          --audio FILE        the sound, or --text TEXT with --voice ID; without one --drive or --duration says how
                              long the video is
          --out, -o FILE      the MP4 to write; it appears whole or not at all

        Options:
          --drive FILE        a video whose head motion, expression and, without --audio, lips and sound are taken over
          --end-photo FILE    the picture that the first one turns into
          --next-photo FILE   a further picture that speaks in its turn; may be given several times
          --duration SECONDS  the video's length, instead of the sound's
          --speaker X,Y       a pixel of the picture inside the face that speaks (default: the largest)
          --size WxH          the video's size, framed around the face (default: the picture's own, within 1080p)
          --frame-rate R      frames a second, such as 25 (default) or 30000/1001
          --emotion NAME      happy, sad, angry, disgusted, surprised or neutral (default)
          --region WHAT       what may move: lips, face, or head (default)
          --motion M          how much the head moves by itself, 0 (not at all) to 2 (lively); 1 is natural (default)
          --camera MOVE       still (default), push_in, pull_out, pan_left, pan_right
          --temperature T     expressiveness of mouth and emotion, 0 to 1 (default 0.5)
          --seed N            the same seed gives the same frames, another seed another take (default 0)
          --crf N             x264's quality, 0 to 51, lower is better (default 17)
          --preset NAME       x264's effort, ultrafast to veryslow (default veryfast)
          --threads N         threads that draw, for speed alone (default: one a processor, up to 8)
          --credentials off   do not sign the video (default on); --watermark off: do not mark the drawn face
          --visible-mark WHEN show a small label “AI”: corner (throughout), start (five seconds) or off (default);
                              --mark-language CODE says in which language (en)
          --report FILE       write a JSON report: faces, frames, timings, warnings
          --json              one JSON event a line on standard output: progress, then result or failure
          --quiet             say nothing but errors

        Exit codes: 0 done, 1 refused or failed, 2 wrong command line, 3 something is not installed, 130 stopped.
        """

    private static let verify = """
        Where files come from: what their Content Credentials say and whether they hold, whether a Lipsmith watermark is in
        the pictures, and whether an installation remembers making them. docs/provenance.md says what that proves.

          lipsmith verify video.mp4
          lipsmith verify --json --data lipsmith-data *.mp4

        Options:
          --data FOLDER   ask the registry of the installation in a folder
          --wide          look for the watermark in clips that were sped up or slowed down, too; slower
          --json          one JSON object for each file

        Exit codes: 0 credentials hold or the file is recognised, 4 nothing was found, 5 it was changed after it was signed,
        1 a file cannot be read, 2 wrong command line. Of several files the worst counts.
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
          lipsmith doctor --data lipsmith-data

        Options:
          --data FOLDER   also read a server's database and every file that it keeps, and name what is damaged
          --json          one JSON object

        Exit codes: 0 everything works, 3 something is missing or damaged.
        """

    private static var serve: String {
        let settings = Setting.all.map { setting in
            let name = "  \(setting.flag) ".padding(toLength: 28, withPad: " ", startingAt: 0)
            let value = setting.defaultText.isEmpty ? "" : " (\(setting.defaultText))"
            return "\(name)\(setting.summary)\(value)"
        }
        return """
            The server: Sync's API v2 on this machine. When it is ready it prints its address, and an address that
            signs an operator in to the studio, once, within a day. It logs to standard error.

              lipsmith serve
              lipsmith serve --data /var/lib/lipsmith --host 0.0.0.0 --port 8080 --public-url https://lips.example.com

            On an empty data folder it makes a key and shows it once. Stop it with Ctrl-C: running jobs are handed back.
            A folder that has media and no database is refused; --new-installation begins anew and puts the media aside.
            With --no-work it only answers requests, and other machines work (`lipsmith work --help`).

            Settings, each also a variable LIPSMITH_… (docs/configuration.md):
            \(settings.joined(separator: "\n"))

            Exit codes: 0 stopped, 1 failed, 2 wrong setting, 3 something is not installed.
            """
    }

    private static let keys = """
        Keys to a server's interfaces. Only a key's digest is kept.

          lipsmith keys create --data lipsmith-data --name editor
          lipsmith keys list --data lipsmith-data
          lipsmith keys revoke --data lipsmith-data editor

        Options:
          --data FOLDER         the server's data folder (lipsmith-data)
          --name NAME           with create: what the key is called
          --organisation NAME   with create: whose things it opens; made where there is none (the first one)
          --operator            with create: it also opens the installation's own pages, /v1/operator/…
          --json                with list: one JSON object a line

        `create` prints the key alone. A running server refuses a revoked key within five seconds.
        """

    private static let studioLink = """
        An address that signs its opener in to the studio, once, within a day; beside a running server or without one.

          lipsmith studio-link --data lipsmith-data
          lipsmith studio-link --data lipsmith-data --member --organisation shop --base https://lips.example.com

        Options:
          --data FOLDER         the server's data folder (lipsmith-data)
          --member              the session sees its organisation only, not the installation's own pages
          --organisation NAME   whose things it opens; made where there is none (the first one)
          --base ADDRESS        how browsers reach the server (public-url, or host and port, as the variables set them)

        It prints the address alone. Who opens it first is signed in for 30 days after each use: give it to nobody else.
        """

    private static let jobs = """
        What a server's queue holds and how the newest jobs ended, the newest first; ending one; what is kept.

          lipsmith jobs --data lipsmith-data
          lipsmith jobs --data lipsmith-data --status failed --json
          lipsmith jobs cancel 6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d --data lipsmith-data
          lipsmith jobs --storage --data lipsmith-data

        Options:
          --data FOLDER     the server's data folder (lipsmith-data)
          --status STATUS   pending, processing, finalizing, completed, failed or rejected
          --limit N         how many at most, 1 to 10000 (20)
          --storage         what each organisation keeps, in place of its jobs
          --json            one JSON object a line

        A cancelled job ends within two seconds as failed, with the code generation_cancelled; its webhook is sent.
        """

    private static let webhooks = """
        The newest webhooks: how often each was tried, what its receiver answered and when it is tried next.

          lipsmith webhooks --data lipsmith-data
          lipsmith webhooks --data lipsmith-data --json

        Options:
          --data FOLDER   the server's data folder (lipsmith-data)
          --limit N       how many at most, 1 to 10000 (20)
          --json          one JSON object a line
        """
}
