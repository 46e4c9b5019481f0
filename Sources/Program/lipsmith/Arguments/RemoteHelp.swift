/// The text of `lipsmith remote --help`.
enum RemoteHelp {
    static let remote = """
        What a server makes, ordered and watched from another machine, by Lipsmith's own API.

          lipsmith remote submit --video speaker.mp4 --audio words.wav --out out.mp4
          lipsmith remote submit --photo face.jpg --text "Good morning." --name greeting
          lipsmith remote watch 6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d
          lipsmith remote report 6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d --out report.html
          lipsmith remote download 6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d --out out.mp4
          lipsmith remote list --status completed
          lipsmith remote cancel 6f1c5b0e-2d1a-4c3b-9a57-0d6f3c1b2a4d

        Needed:
          --server URL        the beginning of the server's addresses, or LIPSMITH_SERVER
          --key-file FILE     a file with the key, - for standard input; or --key KEY, or LIPSMITH_KEY

        submit: files are sent in pieces; an address that begins with http is fetched by the server.
          --video FILE        the clip, or --photo FILE, a picture that speaks
          --audio FILE        the sound, or --text TEXT with --voice ID and --speed FACTOR; - reads standard input
          --model NAME        a model of the server (lipsync-2, or photo for a picture)
          --sync-mode MODE, --temperature T, --speaker WHO, --keep-occluders, --emotion NAME, --region WHAT,
          --seed N, --segment A-B
                              as `lipsmith sync`
          --resolution NAME   of a picture's video: 540p, 720p or 1080p
          --aspect-ratio A:B  of a picture's video, such as 16:9
          --duration SECONDS  of a picture's video
          --name NAME         what the video is called
          --project ID        where it is filed
          --webhook-url URL   whom the server tells of the end
          --dry-run           only check the order
          --watch             wait for the end; --out FILE and --report FILE save what was made then
        It prints the generation's id.

        report:   --out FILE, a page where the name ends in .html, else JSON; standard output without it
        download: --out FILE
        list:     --status WORDS, --search TEXT, --project ID, --limit N (20)

          --patience SECONDS  how long a server that is away or busy is asked again (300)
          --json              one JSON event a line on standard output
          --quiet             say nothing but errors

        Ctrl-C ends the program, not what the server has begun.
        Exit codes: as `lipsmith sync`; 1 also where the server refuses or cannot be reached.
        """
}
