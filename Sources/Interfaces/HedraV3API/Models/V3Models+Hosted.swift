extension V3Models {
    /// Models of the hosted service (the typed submits of its SDK 7.0.0) that make pictures, videos or sounds anew, which
    /// needs a generative network.
    static let hosted: Set<String> = [
        "dreamina-31", "elevenlabs-music", "elevenlabs-sound-effects", "eyeline-id-relight", "eyeline-id-restyle",
        "flux-11-pro", "flux-11-ultra", "flux-3", "flux-3-video-upscaler-creative", "flux-3-video-upscaler-precise",
        "flux-dev", "flux-kontext-max", "flux-kontext-pro", "flux2-flex", "flux2-klein-9b", "flux2-max", "flux2-pro",
        "gemini-omni-flash", "gemini-omni-flash-11", "gpt-image-15", "gpt-image-2", "gpt-image-2.5-flare",
        "gpt-image-2.5-sunburst", "grok-imagine", "grok-imagine-20", "happy-horse", "hidream-o1-image",
        "ideogram-v2", "ideogram-v4", "imagen3", "imagen4", "kling-16", "kling-21-master", "kling-25-turbo",
        "kling-26-pro", "kling-o1", "kling-o3", "kling-o3-edit", "kling-o3-reference", "kling-v3", "krea-2",
        "ltx-2-3", "ltx-2-5", "luma-ray-32", "mai-image-2-5", "minimax-h3", "minimax-h3-max",
        "minimax-h3-max-camera-controls", "minimax-h3-max-turbo", "minimax-h3-ultra", "minimax-hailuo-02",
        "minimax-hailuo-23", "muse-image", "nano-banana", "nano-banana-2", "nano-banana-pro", "pixverse-v6",
        "qwen-image-2", "qwen-image-2-1", "recraft-v3", "reve-21", "reve-21-edit", "reve-21-remix", "sana",
        "seedance-15-pro", "seedance-20", "seedance-20-mini", "seedance-25", "seedream-40", "seedream-45",
        "seedream-50-lite", "seedream-50-pro", "sora-2-pro", "topaz-image-upscaler-transparency",
        "topaz-image-upscaler-wonder", "topaz-video-upscaler-hyperion-2-5", "topaz-video-upscaler-starlight-fast",
        "topaz-video-upscaler-starlight-hq", "topaz-video-upscaler-starlight-precise",
        "veed-video-background-removal", "veo-2", "veo-3", "veo-31", "vidu-q3", "vidu-q3-reference", "wan-2-7",
        "wan-3-0",
    ]
}
