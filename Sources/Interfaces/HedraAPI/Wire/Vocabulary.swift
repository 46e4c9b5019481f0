/// The words of the contract's lists.
enum Vocabulary {
    /// What an asset can be, with the later additions.
    static let assetTypes = ["text", "image", "audio", "video", "voice", "three_d", "rich_text"]

    /// What filters take, with the later additions.
    static let generationTypes = [
        "image", "video", "text_to_speech", "speech_to_speech", "voice_clone", "audio_isolation", "video_stitching",
        "video_upscale", "video_to_video", "image_upscale", "agent_response", "audio_from_video", "text_to_sound",
        "assets_to_image_text_prompt", "assets_to_audio_text_prompt", "video_background_removal", "music",
    ]

    /// The kinds of jobs that requests may name.
    static let requestTypes = [
        "video", "text_to_speech", "text_to_sound", "image", "image_to_image", "image_upscale", "video_upscale",
        "audio_isolation", "speech_to_speech", "voice_clone", "audio_from_video", "video_with_audio", "video_to_video",
        "motion_control", "text_to_music", "video_background_removal",
    ]

    /// The kinds whose result is a sound.
    static let audioTypes: Set<String> = [
        "text_to_speech", "speech_to_speech", "audio_isolation", "text_to_sound", "audio_from_video", "text_to_music",
    ]

    /// What else voices call a language, or a language that is near to it.
    static let otherCodes = ["zh": ["cmn"], "nn": ["nb", "no"], "nb": ["no"]]

    /// Languages by name, with the code of those that a local voice may speak.
    static let languages: [(name: String, code: String)] = [
        ("Chinese", "zh"), ("Chinese,Yue", "yue"), ("English", "en"), ("Arabic", "ar"), ("Russian", "ru"),
        ("Spanish", "es"), ("French", "fr"), ("Portuguese", "pt"), ("German", "de"), ("Turkish", "tr"), ("Dutch", "nl"),
        ("Ukrainian", "uk"), ("Vietnamese", "vi"), ("Indonesian", "id"), ("Japanese", "ja"), ("Italian", "it"),
        ("Korean", "ko"), ("Thai", "th"), ("Polish", "pl"), ("Romanian", "ro"), ("Greek", "el"), ("Czech", "cs"),
        ("Finnish", "fi"), ("Hindi", "hi"), ("Bulgarian", "bg"), ("Danish", "da"), ("Hebrew", "he"), ("Malay", "ms"),
        ("Persian", "fa"), ("Slovak", "sk"), ("Swedish", "sv"), ("Croatian", "hr"), ("Filipino", "fil"),
        ("Hungarian", "hu"), ("Norwegian", "nb"), ("Slovenian", "sl"), ("Catalan", "ca"), ("Nynorsk", "nn"),
        ("Tamil", "ta"), ("Afrikaans", "af"), ("auto", ""),
    ]
}
