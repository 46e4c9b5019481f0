import LipSync

extension Setting {
    /// The settings of voices: they hold for `lipsmith say`, `voices` and `sync --text` too.
    public static let voiceSettings: [Setting] = [
        Setting(
            "elevenlabs-key", .secret, "", "The key to ElevenLabs: their voices, clones and dubbing.",
            "Unset, texts are spoken by the voices of this machine. A flag can be read by other users of the machine; "
                + "prefer the variable."),
        Setting(
            "elevenlabs-url", .text, "https://api.elevenlabs.io", "Where ElevenLabs' API is.",
            "Another address gets the key and the scripts."),
        Setting(
            "elevenlabs-model", .text, "eleven_multilingual_v2", "The model that speaks.",
            "One that the account does not have fails every text."),
        Setting(
            "voice-map", .voices, "", "Which local voices speak for ids that are not local.",
            "Unset, an unknown id is refused with voice_not_found. `*` speaks for every id, so a misspelt one is not "
                + "noticed."),
        Setting(
            "piper-program", .text, "", "The Piper program.",
            "Unset, only flite and espeak-ng speak. It runs confined, yet takes the memory of its voices."),
        Setting(
            "piper-voices", .text, "", "Piper's voices: .onnx files, comma between, each with its .onnx.json.",
            "A file that is missing is reported at the first text and left out."),
        Setting(
            "transcription-url", .text, "",
            "An OpenAI-compatible transcription service, without /v1, for dubbing without ElevenLabs.",
            "Needs translation-url too; unset, dubParams is refused. It gets the sound of dubbed videos."),
        Setting(
            "transcription-key", .secret, "", "The key to the transcription service.", "Unset, none is sent."),
        Setting(
            "transcription-model", .text, "whisper-1", "The model that the transcription service shall use.",
            "Many services take any name."),
        Setting(
            "translation-url", .text, "", "A LibreTranslate-compatible translation service.",
            "Needs transcription-url too. It gets what is said in dubbed videos."),
        Setting("translation-key", .secret, "", "The key to the translation service.", "Unset, none is sent."),
        Setting(
            "dub-length-limit", .number(1...Int64(EngineLimits.mediaSeconds), unit: "seconds"), "2700",
            "The longest video that is dubbed.",
            "Too low refuses with dubbing_duration_exceeded; too high lets one job hold a render slot for hours."),
        Setting(
            "speech-timeout", .number(1...3600, unit: "seconds"), "120",
            "How long a speech, transcription or translation service may take for one answer.",
            "Too low fails long texts with elevenlabs_service_unavailable; too high lets a silent service hold a job."),
    ]
}
