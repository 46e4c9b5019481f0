import LipSync

extension Setting {
    /// The settings of voices: they hold for `lipsmith say`, `voices` and `sync --text` too.
    public static let voiceSettings: [Setting] = [
        Setting(
            "elevenlabs-key", .secret, default: "", summary: "The key to ElevenLabs: their voices, clones and dubbing.",
            effect:
                "Unset, texts are spoken by the voices of this machine. A flag can be read by other users of the machine; "
                + "prefer the variable."),
        Setting(
            "elevenlabs-url", .text, default: "https://api.elevenlabs.io", summary: "Where ElevenLabs' API is.",
            effect: "Another address gets the key and the scripts."),
        Setting(
            "elevenlabs-model", .text, default: "eleven_multilingual_v2", summary: "The model that speaks.",
            effect: "One that the account does not have fails every text."),
        Setting(
            "voice-map", .voices, default: "", summary: "Which local voices speak for ids that are not local.",
            effect:
                "Unset, an unknown id is refused with voice_not_found. `*` speaks for every id, so a misspelt one is not "
                + "noticed."),
        Setting(
            "voice-processes", .number(1...64, unit: ""), default: "1",
            summary: "How many processes speak with the voice network at once.",
            effect:
                "Each keeps a core busy and takes 0.7 to 1.4 GB while it is loaded. Too few let texts wait for each other; "
                + "too many take memory from renders."),
        Setting(
            "voice-idle-time", .number(0...86_400, unit: "seconds"), default: "600",
            summary: "How long the voice network stays loaded after it spoke.",
            effect:
                "Too short and most texts wait about 2 s for it; too long and it holds its memory for nothing. It is given up "
                + "at once when memory is short."),
        Setting(
            "piper-program", .text, default: "", summary: "The Piper program.",
            effect: "Unset, the other local voices speak. It runs confined, yet takes the memory of its voices."),
        Setting(
            "piper-voices", .text, default: "",
            summary: "Piper's voices: .onnx files, comma between, each with its .onnx.json.",
            effect: "A file that is missing is reported at the first text and left out."),
        Setting(
            "transcription-url", .text, default: "",
            summary: "An OpenAI-compatible transcription service, without /v1, for dubbing without ElevenLabs.",
            effect: "Needs translation-url too; unset, dubParams is refused. It gets the sound of dubbed videos."),
        Setting(
            "transcription-key", .secret, default: "", summary: "The key to the transcription service.",
            effect: "Unset, none is sent."),
        Setting(
            "transcription-model", .text, default: "whisper-1",
            summary: "The model that the transcription service shall use.",
            effect: "Many services take any name."),
        Setting(
            "translation-url", .text, default: "", summary: "A LibreTranslate-compatible translation service.",
            effect: "Needs transcription-url too. It gets what is said in dubbed videos."),
        Setting(
            "translation-key", .secret, default: "", summary: "The key to the translation service.",
            effect: "Unset, none is sent."),
        Setting(
            "dub-length-limit", .number(1...Int64(EngineLimits.mediaSeconds), unit: "seconds"), default: "2700",
            summary: "The longest video that is dubbed.",
            effect:
                "Too low refuses with dubbing_duration_exceeded; too high lets one job hold a render slot for hours."),
        Setting(
            "speech-timeout", .number(1...3600, unit: "seconds"), default: "120",
            summary: "How long a speech, transcription or translation service may take for one answer.",
            effect:
                "Too low fails long texts with elevenlabs_service_unavailable; too high lets a silent service hold a job."
        ),
    ]
}
