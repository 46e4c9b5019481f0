/// The texts of `--help` for the commands that speak.
enum SpeechHelp {
    static let say = """
        A text gives a sound, a WAV file with the times of its phones in it: lips shut just where they must.

          lipsmith say "Good morning." -o morning.wav
          lipsmith say "Guten Morgen." --voice espeak-de+f3 -o morgen.wav
          lipsmith say - --voice kokoro-woman -o chapter.wav < chapter.txt
          lipsmith say "Ready? [pause 1.5s] Go!" --speed 1.2 -o go.wav

        Options:
          --out, -o FILE   the WAV file to write; it appears whole or not at all
          --voice ID       who speaks (kokoro-man); `lipsmith voices` lists them
          --speed FACTOR   how fast, 0.5 … 2 (1)
          --pitch FACTOR   how high, 0.5 … 2 (1); voices of kokoro alone
          --text TEXT      the text, where it begins with a hyphen
          --credentials off   do not sign the sound (default on)
          --json           one JSON event on standard output
          --quiet          say nothing but errors

        The voices are set by the variables of docs/voices.md, as a server's are.
        Exit codes: as `lipsmith sync`.
        """

    static let voices = """
        The voices that `say`, `sync --text` and a server know.

          lipsmith voices
          lipsmith voices --language de
          lipsmith voices --json

        Options:
          --language CODE   only those of a language
          --json            one JSON object a line

        Every voice of espeak-ng has variants: espeak-de+f3 is espeak-de as a woman (f1 … f5, m1 … m8, whisper).
        """
}
